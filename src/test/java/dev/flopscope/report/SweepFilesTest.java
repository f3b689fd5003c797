package dev.flopscope.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.config.BadDataException;
import dev.flopscope.sweep.Measured;
import dev.flopscope.sweep.Place;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepReader;
import dev.flopscope.sweep.SweepResult;
import dev.flopscope.sweep.SweepRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a sweep writes, it reads back. */
class SweepFilesTest {
    private static final Place PLACE =
            new Place("CPU, \"fast\"", 2, "AVX2", "OpenBLAS", "0.3.19", "Haswell", "17", "Linux amd64");
    private static final SweepRow MEASURED = new SweepRow(
            new SweepPoint("m", "abc", 1, 8, 2, "tiled", 8, 8, "full", -1),
            PLACE,
            "2026-01-01T00:00:00Z",
            Optional.of(new Measured(10, 10, List.of(0.1 + 0.2, 1e-7, 3.0), true, OptionalLong.of(4096))),
            Optional.empty());
    private static final SweepRow SKIPPED = new SweepRow(
            new SweepPoint("m", "abc", 1, 9, 2, "full", 9, 9, "shared", 1),
            PLACE,
            "2026-01-01T00:00:01Z",
            Optional.empty(),
            Optional.of("needs 9 GiB,\n\"more\" than there is"));
    private static final SweepResult RESULT = new SweepResult(List.of(MEASURED, SKIPPED), true);

    @Test
    void rowsComeBackFromJsonAndCsvAsTheyWere() {
        SweepReport report = new SweepReport(RESULT);
        assertThat(new SweepReader().json("f", Format.JSON.render(report))).isEqualTo(RESULT.rows());
        assertThat(new SweepReader().csv("f", Format.CSV.render(report))).isEqualTo(RESULT.rows());
    }

    @Test
    void whatIsWrittenRowByRowIsWhatIsWrittenAtOnce() {
        for (Format format : List.of(Format.JSON, Format.CSV)) {
            StringWriter text = new StringWriter();
            SweepStream stream =
                    SweepStream.of(format, new PrintWriter(text), List.of(MEASURED.point(), SKIPPED.point()));
            stream.begin();
            RESULT.rows().forEach(stream::row);
            stream.end(RESULT);
            assertThat(text).hasToString(format.render(new SweepReport(RESULT)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"counted\" : 10 | \"counted\" : \"ten\" | rows[0]: flops_counted must be a whole number: flops_counted=ten",
                "\"batch\" : 1    | \"batch\" : 0        | rows[0]: batch must be a whole number from 1",
                "\"hash\" : \"abc\" | \"crc\" : 1        | rows[0]: model_hash is missing",
                "3.0              | \"long\"             | seconds_samples=long",
                "\"rows\"         | \"sites\"            | is not the JSON of a sweep",
            })
    void aBadFileIsNamedWithRowKeyAndValue(String piece, String instead, String says) {
        String sound = Format.JSON.render(new SweepReport(RESULT));
        String bad = sound.replace(piece, instead);
        assertThat(bad).isNotEqualTo(sound);
        assertThatThrownBy(() -> new SweepReader().json("f.json", bad))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("f.json: ")
                .hasMessageContaining(says);
    }

    @Test
    void csvOfSomethingElseIsRefused() {
        assertThatThrownBy(() -> new SweepReader().csv("f.csv", "a,b\n1,2\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("is not the CSV of a sweep");
        String sound =
                Format.CSV.render(new SweepReport(RESULT)).lines().findFirst().orElseThrow();
        assertThatThrownBy(() -> new SweepReader().csv("f.csv", sound + "\nm,abc,1\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("columns, has 3");
    }
}
