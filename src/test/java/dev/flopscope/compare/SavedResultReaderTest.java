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
    private static final String RUN = """
            {"model": {"name": "m", "d_model": 16}, "batch": 1, "context": 8,
             "attention": {"algorithm": "tiled", "flops": 5},
             "sites": [{"kind": "q_proj", "calls": 2, "counted": 40, "seconds": 0.25}],
             "flops": {"counted": 40, "expected": 40}, "seconds": {"wall": 0.5, "matmul": 0.25},
             "seed": 1, "machine": {"cpu": "C", "threads": 2, "memory_available_bytes": 7}}
            """;
    private static final String PROFILE = """
            {"model": {"name": "m", "d_model": 16}, "batch": 1, "context": 8,
             "sites": [{"kind": "q_proj", "counted": 40, "seconds": 0.2, "samples": [0.1, 0.2, 0.3]}],
             "by_site": [{"kind": "q_proj", "layer": 1, "flops": 20, "seconds": 0.1, "samples": [0.1, 0.1, 0.2]},
                         {"kind": "lm_head", "layer": null, "flops": 20, "samples": [0.1, 0.1, 0.2]}],
             "steps": [{"name": "softmax", "seconds": 0.01, "samples": [0.01, 0.02, 0.03]}],
             "flops": {"counted": 40, "expected": 40}, "seconds": {"wall": 0.6}, "wall_samples": [0.5, 0.6, 0.7],
             "yardstick_gflops_per_second_samples": [200, 100, 250]}
            """;

    private static final String DECODED = """
            "decode": {"tokens": 3, "sites": [{"kind": "q_proj", "counted": 6, "seconds": 0.02}],
                       "steps": [{"name": "softmax", "seconds": 0.01}],
                       "flops": {"counted": 6}, "seconds": {"wall": 0.03}},
             "seed": 1""";

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
        assertThat(run.work())
                .containsOnly(
                        java.util.Map.entry("model.name", "m"),
                        java.util.Map.entry("model.d_model", "16"),
                        java.util.Map.entry("batch", "1"),
                        java.util.Map.entry("context", "8"));
        assertThat(run.environment()).containsOnlyKeys("attention.algorithm", "machine.cpu", "machine.threads", "seed");
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
        SavedResult run = read(RUN.replace("\"seed\": 1", DECODED));
        SavedResult.PhaseTimes decoded = run.decode().orElseThrow();
        assertThat(decoded.whole().samples()).containsExactly(0.03);
        assertThat(decoded.whole().flops()).hasValue(6);
        assertThat(decoded.kinds()).extracting(Series::kind).containsExactly("decode q_proj", "decode softmax");
        assertThat(decoded.kinds()).allMatch(Series::isOfDecoding);
        assertThat(decoded.sites()).isEmpty();
        assertThat(run.prefill().kinds()).extracting(Series::kind).containsExactly("q_proj");
        assertThat(run.environment()).containsEntry("decode.tokens", "3");
        assertThat(read(RUN).decode()).isEmpty();
    }

    @Test
    void whatIsWrongInDecodingIsNamedWithItsWholeKey() {
        String text = RUN.replace("\"seed\": 1", DECODED);
        assertThatThrownBy(() -> read(text.replace("\"counted\": 6, ", "")))
                .hasMessage("f.json: decode.sites[0].counted is missing");
        assertThatThrownBy(() -> read(text.replace("0.03", "-3")))
                .hasMessageStartingWith("f.json: decode.seconds.wall must be ")
                .hasMessageEndingWith(": decode.seconds.wall=-3");
        assertThatThrownBy(() -> read(text.replace("\"tokens\": 3", "\"tokens\": null")))
                .hasMessageContaining("decode.tokens=null");
    }

    /** Each a piece of a sound file, what takes its place, and what the message must say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"counted\": 40, \"seconds\": 0.25 | \"seconds\": 0.25 | sites[0].counted is missing",
                "\"counted\": 40, \"seconds\": 0.25 | \"counted\": 4.5, \"seconds\": 1 | sites[0].counted=4.5",
                "\"seconds\": 0.25          | \"seconds\": -1      | sites[0].seconds=-1",
                "\"seconds\": 0.25          | \"seconds\": \"no\"  | sites[0].seconds=\"no\"",
                "\"seconds\": 0.25          | \"samples\": []      | sites[0].samples=[]",
                "\"seconds\": 0.25          | \"samples\": [1, null] | sites[0].samples[1]=null",
                "\"kind\": \"q_proj\"       | \"kind\": 7          | sites[0].kind=7",
                "\"wall\": 0.5              | \"wall\": 1e999      | seconds.wall",
                "{\"counted\": 40, \"expected\": 40} | 40          | flops=40",
                "\"batch\": 1,              | \"batch\": 1, \"batch\": 1, | Duplicate",
                "\"sites\":                 | \"rows\":            | is not the JSON of one run or profile",
                "\"seed\": 1            | \"yardstick_gflops_per_second_samples\": [5, 0] | samples[1]=0",
                "\"seed\": 1            | \"yardstick_gflops_per_second_samples\": 5 | samples=5",
                "}}                         | }                    | not valid JSON",
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
