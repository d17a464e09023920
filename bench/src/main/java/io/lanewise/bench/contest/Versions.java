package io.lanewise.bench.contest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The versions of libraries, as Maven has written them into their jars. */
public final class Versions {
    private Versions() {}

    /** The version of an artifact on the class path, or {@code (unknown version)}. */
    public static String of(final String group, final String artifact) {
        final String name = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        try (InputStream stream = Versions.class.getResourceAsStream(name)) {
            final Properties properties = new Properties();
            if (stream != null) {
                properties.load(stream);
            }
            return properties.getProperty("version", "(unknown version)");
        } catch (final IOException e) {
            return "(unknown version)";
        }
    }
}
