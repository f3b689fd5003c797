package dev.flopscope.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.SmallModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.schema.Json;
import dev.flopscope.sweep.Measured.Totals;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a sweep writes, it reads back, down to the run that gave a row. */
class SweepFilesTest {
    private static final SweepRow MEASURED = sound(SweepRows.point(SweepRows.MODEL, 8), true, 0.1 + 0.2, 1e-7, 3.0);
    private static final List<SweepRow> ROWS =
            List.of(MEASURED, SweepRows.skipped(SweepRows.point(SweepRows.CHANGED, 9, Attention.full())));

    /** Every setting at two values or more, also where it is empty. */
    static Stream<RunSpec> specs() {
        return Stream.of(
                        SmallModels.PLAIN,
                        SmallModels.GROUPED,
                        SmallModels.MULTI_QUERY,
                        SmallModels.GELU,
                        SmallModels.ODD)
                .flatMap(model -> Stream.of(
                        new RunSpec(
                                model,
                                1,
                                OptionalInt.of(7),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                LogitsRows.ALL,
                                Attention.full(),
                                new Prompt.Seeded(),
                                WeightsMode.FULL,
                                Long.MIN_VALUE,
                                Engine.OPENBLAS,
                                1),
                        new RunSpec(
                                model,
                                3,
                                OptionalInt.of(9),
                                OptionalInt.of(4),
                                OptionalInt.of(2),
                                LogitsRows.LAST,
                                new Attention(Algorithm.CAUSAL, 5, 3),
                                new Prompt.Seeded(),
                                WeightsMode.SHARED,
                                42,
                                Engine.ONEDNN,
                                16)));
    }

    /** A row that a sweep could have measured: its FLOPs are those of its run, or one less counted where it disagrees. */
    private static SweepRow sound(SweepPoint point, boolean agrees, Double... samples) {
        RunSpec spec = point.spec();
        List<PhaseAccount> phases = Account.of(spec.model(), spec.phases(point.context()), spec.attention())
                .phases();
        long flops = phases.stream().mapToLong(PhaseAccount::flops).sum();
        Optional<Totals> decode = phases.stream()
                .skip(1)
                .findFirst()
                .map(phase -> new Totals(
                        phase.flops(),
                        phase.flops(),
                        Stream.of(samples).map(sample -> sample / 2).toList()));
        return new SweepRow(
                point,
                SweepRows.HERE,
                Instant.parse("2026-01-01T00:00:00Z"),
                Optional.of(new Measured(
                        new Totals(agrees ? flops : flops - 1, flops, List.of(samples)),
                        decode,
                        agrees,
                        OptionalLong.of(7))),
                Optional.empty());
    }

    private static String json(List<SweepRow> rows) {
        return "{\"rows\": ["
                + rows.stream()
                        .map(row -> Json.tree(row.record()).toPrettyString())
                        .collect(Collectors.joining(","))
                + "], \"complete\": true}";
    }

    private static String jsonLines(List<SweepRow> rows) {
        return rows.stream().map(row -> Json.tree(row.record()) + "\n").collect(Collectors.joining());
    }

    private static String csv(List<SweepRow> rows) {
        return Stream.concat(
                        Stream.of(SweepReader.FLAT.columns()), rows.stream().map(SweepFilesTest::cells))
                .map(cells -> CSVFormat.RFC4180.format(cells.toArray()) + "\n")
                .collect(Collectors.joining());
    }

    private static List<String> cells(SweepRow row) {
        return SweepReader.FLAT.cells(Json.tree(row.record()));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aRunCanBeRebuiltFromItsRowInEveryFormat(RunSpec spec) {
        SweepRow row = sound(new SweepPoint(spec), false, 0.1 + 0.2, 1e-7);
        assertThat(row.spec()).isEqualTo(spec);
        List<SweepRow> rows = List.of(row);
        SweepReader reader = new SweepReader();
        for (List<SweepRow> read : List.of(
                reader.json("f", json(rows)), reader.jsonLines("f", jsonLines(rows)), reader.csv("f", csv(rows)))) {
            assertThat(read).isEqualTo(rows);
            assertThat(read.get(0).spec()).isEqualTo(spec);
        }
    }

    @Test
    void skippedRowsComeBackWithTheirReasons() {
        SweepReader reader = new SweepReader();
        assertThat(reader.json("f", json(ROWS))).isEqualTo(ROWS);
        assertThat(reader.jsonLines("f", jsonLines(ROWS))).isEqualTo(ROWS);
        assertThat(reader.csv("f", csv(ROWS))).isEqualTo(ROWS);
    }

    /** Others read these columns. */
    @Test
    void columnsAreCalledByTheKeysThatLeadToThem() {
        assertThat(String.join(",", SweepReader.FLAT.columns()))
                .isEqualTo("model_name,model_hash,model_config,batch,context,chunk,logits,attention_algorithm,"
                        + "attention_query_tile,attention_key_tile,attention_useful_flops,weights,seed,checkpoint,flops_expected,"
                        + "flops_counted,seconds_median,seconds_least,seconds_most,seconds_samples,gflops_per_second,"
                        + "decode_steps,decode_flops_expected,decode_flops_counted,decode_seconds_median,"
                        + "decode_seconds_least,decode_seconds_most,decode_seconds_samples,agrees,skipped,"
                        + "peak_resident_bytes,engine_name,engine_library,engine_version,engine_kernel,engine_threads,"
                        + "engine_dtype,machine_cpu,machine_cores,machine_vector_instructions,"
                        + "machine_memory_total_bytes,machine_memory_available_bytes,machine_java,machine_os,"
                        + "flopscope_version,flopscope_commit,date");
    }

    @Test
    void aFieldWithoutAValueIsAbsentInJsonAndEmptyInCsv() {
        ObjectNode json = Json.tree(MEASURED.record());
        assertThat(json.has("decode")).isFalse();
        assertThat(json.has("chunk")).isFalse();
        assertThat(json.has("skipped")).isFalse();
        assertThat(json.at("/seconds/median").asDouble()).isEqualTo(0.1 + 0.2);
        assertThat(json.at("/flopscope/commit").asText()).isEqualTo("abc");
        assertThat(cells(MEASURED)).hasSameSizeAs(SweepReader.FLAT.columns());
        assertThat(cells(MEASURED).get(SweepReader.FLAT.columns().indexOf("chunk")))
                .isEmpty();
        assertThat(cells(MEASURED).get(SweepReader.FLAT.columns().indexOf("seconds_samples")))
                .isEqualTo("0.30000000000000004;1.0E-7;3.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"counted\" : 12160 | \"counted\" : \"ten\" | rows[0]: flops.counted must be a whole number: flops.counted=ten",
                "\"counted\" : 12160 | \"counted\" : \"10\" | rows[0]: flops.counted must be a whole number: flops.counted=10",
                "\"batch\" : 1    | \"batch\" : 0        | rows[0]: batch must be a whole number from 1",
                "\"batch\" : 1    | \"batch\" : null     | rows[0]: batch is missing",
                "\"hash\" :       | \"crc\" :            | rows[0]: model.hash is missing",
                "\"d_ff\" : 12    | \"d_ff\" : 13        | rows[0]: model.hash must be that of model.config",
                "\"d_ff\" : 12,   |                      | rows[0]: model.config: key \"d_ff\" is missing",
                "3.0 ]            | \"long\" ]            | seconds.samples[2] must be a number: seconds.samples[2]=long",
                "3.0 ]            | 1e999 ]                | samples must be seconds of at least 0: samples=Infinity",
                "\"agrees\" : true | \"agrees\" : 1      | rows[0]: agrees must be true or false: agrees=1",
                "\"tiled\"        | \"paged\"            | rows[0]: attention.algorithm must be full or tiled or causal: attention.algorithm=paged",
                "\"2026-01-01T00:00:00Z\" | \"2026-01-01T00:0\" | rows[0]: date must be a time such as",
                "\"rows\"         | \"sites\"            | is not the JSON of a sweep",
                "\"batch\" : 1    | \"batch\" : 1, \"batch\" : 1 | Duplicate",
                "\"complete\": true} | \"complete\": true}} | not valid JSON",
            })
    void whatIsWrongInJsonIsNamedWithRowFieldAndValue(String piece, String instead, String says) {
        String sound = json(ROWS);
        String bad = sound.replace(piece, instead == null ? "" : instead);
        assertThat(bad).isNotEqualTo(sound);
        assertThatThrownBy(() -> new SweepReader().json("f.json", bad))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("f.json: ")
                .hasMessageContaining(says);
    }

    /** What somebody edited is not taken for what was measured: nothing of it may be lost or believed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/decode | null | flops.expected must be the closed form's",
                "/decode | 3 | decode must be an object",
                "/decode/steps | 3 | flops.expected must be the closed form's",
                "/decode/steps | 2000000000 | no such run is possible: ",
                "/decode/flops/expected | 1000000000000 | decode.flops.expected must be the closed form's",
                "/decode/seconds/samples | [0.1] | decode.seconds.samples must be as many as the row has repetitions, 2",
                "/decode/seconds/samples | [9.0,9.0] | decode.seconds.samples must be at most those of the whole row",
                "/context | 2000000000 | no such run is possible: ",
                "/context | 10 | flops.expected must be the closed form's",
                "/chunk | 3 | flops.expected must be the closed form's",
                "/logits | \"all\" | flops.expected must be the closed form's",
                "/flops/counted | 1 | agrees must be false where counted and expected differ: agrees=true",
                "/foo | 1 | foo is unknown",
                "/model/foo | 1 | model.foo is unknown",
            })
    void figuresThatCannotBeThoseOfTheRunAreRefused(String pointer, String value, String says) {
        RunSpec spec = specs().toList().get(1);
        ObjectNode row = Json.tree(sound(new SweepPoint(spec), true, 2.0, 4.0).record());
        int slash = pointer.lastIndexOf('/');
        ((ObjectNode) row.at(pointer.substring(0, slash)))
                .set(
                        pointer.substring(slash + 1),
                        Json.tree("value", "{\"value\": " + value + "}").path("value"));
        assertThatThrownBy(() -> new SweepReader().jsonLines("f.jsonl", row + "\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("f.jsonl:1: ")
                .hasMessageContaining(says);
    }

    @Test
    void aBadLineOfJsonLinesIsNamed() {
        String sound = jsonLines(List.of(MEASURED, MEASURED));
        assertRefused(
                () -> new SweepReader().jsonLines("f.jsonl", sound.substring(0, sound.length() - 9)),
                "f.jsonl:2: not valid JSON");
        assertRefused(() -> new SweepReader().jsonLines("f.jsonl", sound + "\n"), "f.jsonl:3: is empty");
        assertRefused(() -> new SweepReader().jsonLines("f.jsonl", sound + "{}\n"), "f.jsonl:3: model is missing");
        assertThat(new SweepReader().jsonLines("f.jsonl", "")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ",8,8,,full, | ,8,x,,full, | f.csv:2: attention_key_tile must be a whole number: attention_key_tile=x",
                ",8,8,,full, | ,8,,,full, | f.csv:2: attention_key_tile is missing",
                ",8,8,,full, | ,8,8,,half, | f.csv:2: weights must be full or shared: weights=half",
                ",8,8,,full, | ,8,8.5,,full, | f.csv:2: attention_key_tile must be a whole number",
                ",12160,12160, | ,12160,12 160, | f.csv:2: flops_counted must be a whole number: flops_counted=12 160",
                ",true,,7, | ,yes,,7, | f.csv:2: agrees must be true or false: agrees=yes",
                "0.30000000000000004;1.0E-7 | 0.30000000000000004;;1.0E-7 | f.csv:2: seconds_samples must be an array",
                "model_name,model_hash | name,model_hash | f.csv:1: is not the CSV of a sweep: column 1 must be model_name: name",
                ",chunk, | ,chunks, | f.csv:1: is not the CSV of a sweep: column 6 must be chunk: chunks",
            })
    void whatIsWrongInCsvIsNamedWithLineColumnAndValue(String piece, String instead, String says) {
        String sound = csv(List.of(MEASURED));
        String bad = sound.replace(piece, instead);
        assertThat(bad).isNotEqualTo(sound);
        assertRefused(() -> new SweepReader().csv("f.csv", bad), says);
    }

    @Test
    void csvThatIsCutOffIsRefusedWhereverItIsCut() {
        String sound = csv(ROWS);
        int header = sound.indexOf('\n') + 1;
        for (int end = 0; end < sound.length(); end++) {
            String cut = sound.substring(0, end);
            // A whole line is no sign of a cut, nor is a whole row.
            if (end != header && end != csv(List.of(MEASURED)).length()) {
                assertRefused(() -> new SweepReader().csv("f.csv", cut), "f.csv:");
            }
        }
    }

    /** Files of version 1 had no {@code schema_version}, and {@code model} as the first column. */
    @Test
    void filesOfAnEarlierVersionAreRefusedInWords() {
        assertRefused(
                () -> new SweepReader().json("f", "{\"convention\": \"\", \"rows\": [{\"batch\": 1}]}"),
                "f: was written by an earlier version; sweep again");
        assertRefused(
                () -> new SweepReader().csv("f", "model,model_hash,batch\n"),
                "f:1: was written by an earlier version; sweep again");
    }

    @Test
    void csvOfSomethingElseIsRefused() {
        assertRefused(() -> new SweepReader().csv("f.csv", "a,b\n1,2\n"), "f.csv:1: is not the CSV of a sweep");
        assertRefused(() -> new SweepReader().csv("f.csv", ""), "f.csv: is empty");
        String header = String.join(",", SweepReader.FLAT.columns());
        assertRefused(
                () -> new SweepReader().csv("f.csv", header + "\nm,abc,1\n"),
                "f.csv:2: must have 47 columns, has 3; batch is missing");
        assertRefused(
                () -> new SweepReader().csv("f.csv", header + ",more\n"), "f.csv:1: must have 47 columns, has 48");
    }

    private static void assertRefused(Runnable reading, String message) {
        assertThatThrownBy(reading::run).isInstanceOf(BadDataException.class).hasMessageStartingWith(message);
    }
}
