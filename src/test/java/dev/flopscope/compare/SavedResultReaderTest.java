package dev.flopscope.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.config.BadDataException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SavedResultReaderTest {
    private static final String ACCOUNT = """
            "convention": "c", "dtype": "float32", "weights": "full", "agrees": true,
            "parameters": {"total": 1, "embedding": 1, "blocks": 1, "block": 1, "final_norm": 1, "lm_head": 1},
            "memory": {"weights_bytes": 4, "activations_bytes": 4, "kv_cache_bytes": 4},
            "model": {"name": "m", "architecture": "decoder", "vocab_size": 9, "context_length": 8, "num_layers": 1,
                      "d_model": 16, "num_heads": 1, "num_kv_heads": 1, "head_dim": 4, "d_ff": 4,
                      "feed_forward": "gelu", "rope_theta": 1, "norm_eps": 1, "tie_embeddings": true},
            "attention": {"algorithm": "tiled", "query_tile": 8, "key_tile": 8, "useful_flops": 5},
            "flops": {"expected": 40, "counted": 40},""";

    private static final String PHASE = """
            "queries": 8, "past": 0, "tokens": 8, "bytes": 1, "flops_per_byte": 1,
            "components": {"attention_projections": 1, "attention_products": 1, "feed_forward": 1, "lm_head": 1},""";

    private static final String RUN = """
            {"schema_version": 2, "command": "run", "flopscope": {"version": "1", "commit": "c"}, "date": "d",
             "machine": {"cpu": "C", "cores": 2, "vector_instructions": "v", "java": "17", "os": "o",
                         "memory_available_bytes": 7},
             "engine": {"name": "onednn", "library": "oneDNN", "version": "3", "kernel": "k", "threads": 2,
                        "dtype": "float32"},
             ACCOUNT "batch": 1, "context": 8, "seed": 1, "phases": [
               {"phase": "prefill", "steps": 1, PHASE
                "sites": [{"kind": "q_proj", "calls": 2, "counted": 40, "seconds": 0.25}],
                "flops": {"expected": 40, "counted": 40},
                "seconds": {"wall": 0.5, "matmul": 0.25, "other": 0.25, "waiting": 0, "unexplained": 0}}]}
            """.replace("ACCOUNT", ACCOUNT).replace("PHASE", PHASE);

    private static final String PROFILE =
            RUN.replace("\"seed\": 1", """
                    "seed": 1, "calibration_gflops_per_second_samples": [200, 100, 250]""").replace("\"calls\": 2, \"counted\": 40, \"seconds\": 0.25}],", """
                    "counted": 40, "seconds": 0.2, "samples": [0.1, 0.2, 0.3]}],
                    "by_site": [{"kind": "q_proj", "layer": 1, "counted": 20, "seconds": 0.1,
                                 "samples": [0.1, 0.1, 0.2]},
                                {"kind": "lm_head", "counted": 20, "seconds": 0.1, "samples": [0.1, 0.1, 0.2]}],
                    "steps_between": [{"name": "softmax", "seconds": 0.01, "samples": [0.01, 0.02, 0.03]}],
                    "wall_samples": [0.5, 0.6, 0.7],""");

    private static final String DECODED = RUN.replace("\"unexplained\": 0}}]", """
            "unexplained": 0}},
            {"phase": "decode", "steps": 3, PHASE
             "sites": [{"kind": "q_proj", "counted": 6, "seconds": 0.02}],
             "steps_between": [{"name": "softmax", "seconds": 0.01}], "flops": {"expected": 6, "counted": 6},
             "seconds": {"wall": 0.03, "matmul": 0.02, "other": 0.01, "waiting": 0, "unexplained": 0}}]""".replace("PHASE", PHASE));

    private static SavedResult read(String json) {
        return new SavedResultReader().read("f.json", json);
    }

    @Test
    void aRunHasOneSampleOfEverything() {
        SavedResult run = read(RUN);
        assertThat(run.prefill().whole().samples()).containsExactly(0.5);
        assertThat(run.prefill().kinds())
                .containsExactly(
                        new Series("q_proj", OptionalInt.empty(), OptionalLong.of(40), java.util.List.of(0.25)));
        assertThat(run.prefill().sites()).isEmpty();
        assertThat(run.speedCalibration()).isEmpty();
        assertThat(run.work()).containsEntry("model.name", "m").containsEntry("batch", "1");
        assertThat(run.environment())
                .containsEntry("engine.threads", "2")
                .containsEntry("flopscope.commit", "c")
                .doesNotContainKeys("machine.memory_available_bytes", "attention.useful_flops", "batch");
    }

    @Test
    void aProfileHasSamplesOfKindsStepsAndSites() {
        SavedResult profile = read(PROFILE);
        assertThat(profile.prefill().whole().samples()).containsExactly(0.5, 0.6, 0.7);
        assertThat(profile.speedCalibration().orElseThrow().samples()).containsExactly(0.005, 0.01, 0.004);
        assertThat(profile.prefill().kinds()).extracting(Series::kind).containsExactly("q_proj", "softmax");
        assertThat(profile.prefill().kinds().get(0).samples()).containsExactly(0.1, 0.2, 0.3);
        assertThat(profile.prefill().kinds().get(1).flops()).isEmpty();
        assertThat(profile.prefill().sites())
                .extracting(Series::layer)
                .containsExactly(OptionalInt.of(1), OptionalInt.empty());
    }

    @Test
    void whatWasDecodedIsNamedSo() {
        SavedResult run = read(DECODED);
        SavedResult.PhaseTimes decoded = run.decode().orElseThrow();
        assertThat(decoded.whole().samples()).containsExactly(0.03);
        assertThat(decoded.whole().flops()).hasValue(6);
        assertThat(decoded.kinds()).extracting(Series::kind).containsExactly("decode q_proj", "decode softmax");
        assertThat(decoded.kinds()).allMatch(Series::isOfDecoding);
        assertThat(decoded.sites()).isEmpty();
        assertThat(run.prefill().kinds()).extracting(Series::kind).containsExactly("q_proj");
        assertThat(run.environment()).containsEntry("decode.steps", "3");
        assertThat(read(RUN).decode()).isEmpty();
    }

    @Test
    void whatIsWrongInDecodingIsNamedWithItsWholeKey() {
        String key = "phases[1].";
        assertThatThrownBy(() -> read(DECODED.replace("\"counted\": 6, ", "")))
                .hasMessage("f.json: " + key + "sites[0].counted is missing");
        assertThatThrownBy(() -> read(DECODED.replace("0.03", "-3")))
                .hasMessage("f.json: " + key + "seconds.wall must be seconds of at least 0: wall=-3.0");
        assertThatThrownBy(() -> read(DECODED.replace("\"steps\": 3", "\"steps\": null")))
                .hasMessage("f.json: " + key + "steps is missing");
    }

    @Test
    void aFileOfAnEarlierVersionIsRefusedAndWhatToDoIsSaid() {
        assertThatThrownBy(() -> read("{\"sites\": [], \"seconds\": {\"wall\": 1}}"))
                .isInstanceOf(BadDataException.class)
                .hasMessage("f.json: was written by an earlier version; run or profile again");
    }

    /** Each a piece of a sound file, what takes its place, and what the message must say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"counted\": 40, \"seconds\": 0.25 | \"seconds\": 0.25 | phases[0].sites[0].counted is missing",
                "\"counted\": 40, \"seconds\": 0.25 | \"counted\": 4.5, \"seconds\": 1 | sites[0].counted=4.5",
                "\"seconds\": 0.25          | \"seconds\": -1      | sites[0].seconds must be seconds of at least 0",
                "\"seconds\": 0.25          | \"seconds\": \"no\"  | sites[0].seconds=no",
                "\"seconds\": 0.25          | \"samples\": []      | sites[0].seconds is missing",
                "\"seconds\": 0.25          | \"samples\": [1, null] | sites[0].samples[1]",
                "\"kind\": \"q_proj\"       | \"kind\": 7          | sites[0].kind=7",
                "\"wall\": 0.5              | \"wall\": 1e999      | phases[0].seconds.wall",
                "{\"expected\": 40, \"counted\": 40} | 40          | flops=40",
                "\"batch\": 1,              | \"batch\": 1, \"batch\": 1, | Duplicate",
                "\"schema_version\":        | \"version\":         | is not the JSON of one run or profile",
                "\"agrees\": true,          | \"agreed\": true,    | is not the JSON of one run or profile",
                "\"seed\": 1            | \"calibration_gflops_per_second_samples\": [5, 0] | samples must be above 0",
                "\"seed\": 1            | \"calibration_gflops_per_second_samples\": 5 | samples=5",
                "}}]}                      | }}]                  | not valid JSON",
            })
    void whatIsWrongIsNamedWithFileKeyAndValue(String piece, String instead, String says) {
        String text = RUN.replace(piece, instead);
        assertThat(text).isNotEqualTo(RUN);
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("f.json: ")
                .hasMessageContaining(says);
    }

    @Test
    void anEmptyFileIsNoResult() {
        assertThatThrownBy(() -> read("")).isInstanceOf(BadDataException.class).hasMessage("f.json: is empty");
        assertThatThrownBy(() -> read("[]")).isInstanceOf(BadDataException.class);
    }
}
