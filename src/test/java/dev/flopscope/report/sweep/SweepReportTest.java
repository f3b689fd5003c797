package dev.flopscope.report.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.SmallModels;
import dev.flopscope.TestRuns;
import dev.flopscope.config.Attention;
import dev.flopscope.document.Format;
import dev.flopscope.machine.Build;
import dev.flopscope.report.run.RunReport;
import dev.flopscope.run.ProfiledModel;
import dev.flopscope.sweep.Environment;
import dev.flopscope.sweep.Measured;
import dev.flopscope.sweep.Measured.Totals;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepReader;
import dev.flopscope.sweep.SweepResult;
import dev.flopscope.sweep.SweepRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SweepReportTest {
    private static final Environment HERE = new Environment(
            "CPU, \"fast\"", 2, "AVX2", "OpenBLAS", "0.3.19", "Haswell", "17", "Linux amd64", new Build("1.2", "abc"));
    private static final Instant DATE = Instant.parse("2026-01-01T00:00:00Z");
    private static final SweepRow MEASURED = new SweepRow(
            new SweepPoint(TestRuns.of(SmallModels.PLAIN).context(8).build()),
            HERE,
            DATE,
            Optional.of(new Measured(
                    new Totals(12160, 12160, List.of(0.1 + 0.2, 1e-7, 3.0)),
                    Optional.empty(),
                    true,
                    OptionalLong.of(4096))),
            Optional.empty());
    private static final SweepRow SKIPPED = new SweepRow(
            new SweepPoint(TestRuns.of(SmallModels.GELU)
                    .context(9)
                    .attention(Attention.full())
                    .build()),
            HERE,
            DATE,
            Optional.empty(),
            Optional.of("needs 9 GiB,\n\"more\" than there is"));
    private static final SweepResult RESULT = new SweepResult(List.of(MEASURED, SKIPPED), true);

    @Test
    void rowsComeBackFromEveryFileAsTheyWere() {
        SweepReport report = new SweepReport(RESULT);
        assertThat(new SweepReader().json("f", Format.JSON.render(report, List.of())))
                .isEqualTo(RESULT.rows());
        assertThat(new SweepReader().jsonLines("f", Format.JSON_LINES.render(report, List.of())))
                .isEqualTo(RESULT.rows());
        assertThat(new SweepReader().csv("f", Format.CSV.render(report, List.of())))
                .isEqualTo(RESULT.rows());
    }

    @ParameterizedTest
    @EnumSource(names = {"JSON", "JSON_LINES", "CSV", "HTML"})
    void whatIsWrittenRowByRowIsWhatIsWrittenAtOnce(Format format) {
        StringWriter text = new StringWriter();
        SweepStream stream = SweepStream.of(
                format,
                new PrintWriter(text),
                List.of(MEASURED.point(), SKIPPED.point()),
                List.of(),
                (tone, words) -> words);
        stream.begin();
        RESULT.rows().forEach(stream::row);
        stream.end(RESULT);
        assertThat(text).hasToString(format.render(new SweepReport(RESULT), List.of()));
    }

    @Test
    void aTableGrowsByALineARowAndEndsOnAVerdict() {
        StringWriter text = new StringWriter();
        SweepStream stream = SweepStream.of(
                Format.TABLE,
                new PrintWriter(text),
                List.of(MEASURED.point(), SKIPPED.point()),
                List.of(),
                (tone, words) -> words);
        stream.begin();
        long before = text.toString().lines().count();
        RESULT.rows().forEach(stream::row);
        assertThat(text.toString().lines().skip(before))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        stream.end(RESULT);
        assertThat(text.toString()).contains(" skipped", "SKIPPED: gelu", "AGREES", "in 1 row.");
    }

    @Test
    void onlyRowsAreWrittenAsJsonLines() {
        assertThatThrownBy(() -> Format.JSON_LINES.render(new RunReport(ProfiledModel.profiled()), List.of()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("not a list of rows");
    }
}
