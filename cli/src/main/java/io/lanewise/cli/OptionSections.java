package io.lanewise.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Shows the options of each mixin of a command under a heading of its own, below those of the command itself. (An
 * argument group has a heading too, but forgets all of its options when one of them is given twice.)
 *
 * @param headings by the names of the mixins, in the order in which they are shown
 */
record OptionSections(List<Map.Entry<String, String>> headings) implements IHelpSectionRenderer {
    OptionSections {
        headings = List.copyOf(headings);
    }

    @Override
    public String render(final Help help) {
        final List<OptionSpec> own = new ArrayList<>(help.commandSpec().options());
        final StringBuilder sections = new StringBuilder();
        for (final Map.Entry<String, String> heading : headings) {
            final CommandSpec mixin =
                    Objects.requireNonNull(help.commandSpec().mixins().get(heading.getKey()));
            final List<OptionSpec> options = mixin.options();
            own.removeAll(options);
            sections.append(help.createHeading("%n" + heading.getValue() + ":%n"))
                    .append(list(help, options));
        }
        return list(help, own) + sections;
    }

    /** All sections have the same columns. */
    private static String list(final Help help, final List<OptionSpec> options) {
        final Help.Layout layout = help.createDefaultLayout(
                help.commandSpec().options(), help.commandSpec().positionalParameters(), help.colorScheme());
        return help.optionListExcludingGroups(options, layout, null, help.parameterLabelRenderer());
    }
}
