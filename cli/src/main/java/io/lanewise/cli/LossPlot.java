package io.lanewise.cli;

import io.lanewise.training.EpochReport;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the loss of each epoch as a PNG. */
final class LossPlot {
    private LossPlot() {}

    /**
     * Draws.
     *
     * @throws IOException if this Java cannot draw: it has no fonts, or was built without its graphics
     */
    static byte[] png(final String title, final List<EpochReport> history, final boolean classifier)
            throws IOException {
        System.setProperty("java.awt.headless", "true");
        try {
            final double[] epochs =
                    history.stream().mapToDouble(EpochReport::epoch).toArray();
            final double[] training =
                    history.stream().mapToDouble(EpochReport::loss).toArray();
            final double[] validation =
                    history.stream().mapToDouble(EpochReport::validationLoss).toArray();
            final XYChart chart = new XYChartBuilder()
                    .width(900)
                    .height(540)
                    .title(title)
                    .xAxisTitle("epoch")
                    .yAxisTitle("mean loss")
                    .build();
            chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
            chart.getStyler().setChartBackgroundColor(Color.WHITE);
            chart.addSeries("training", epochs, training).setMarker(SeriesMarkers.NONE);
            // A regression's two losses have different units: standardised, and those of the data.
            if (classifier && Arrays.stream(validation).noneMatch(Double::isNaN)) {
                chart.addSeries("validation", epochs, validation).setMarker(SeriesMarkers.NONE);
            }
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", bytes);
            return bytes.toByteArray();
        } catch (final LinkageError | InternalError | RuntimeException e) {
            throw new IOException("this Java cannot draw (" + e.getMessage() + "); install fontconfig and a font", e);
        }
    }
}
