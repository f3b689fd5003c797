package dev.flopscope.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.TestModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigReaderTest {
    private static final String GOOD = """
            {"vocab_size": 100, "context_length": 64, "num_layers": 2, "d_model": 32, "num_heads": 4, "d_ff": 128}""";

    private final ModelConfigReader reader = new ModelConfigReader();

    @Test
    void keysThatAreLeftOutHaveTheirDefaults() {
        assertThat(reader.read("m", "m.json", GOOD))
                .isEqualTo(TestModels.builder("m")
                        .vocab(100)
                        .context(64)
                        .layers(2)
                        .dModel(32)
                        .heads(4)
                        .kvHeads(4)
                        .headDim(8)
                        .dFf(128)
                        .swiglu()
                        .theta(10_000)
                        .eps(1e-5)
                        .build());
    }

    @Test
    void everyKeyIsRead() {
        String json = with("\"num_kv_heads\": 2, \"head_dim\": 6, \"tie_embeddings\": true, \"feed_forward\": \"gelu\","
                + " \"rope_theta\": 5e5, \"norm_eps\": 1e-6");

        assertThat(reader.read("m", "m.json", json))
                .isEqualTo(TestModels.builder("m")
                        .vocab(100)
                        .context(64)
                        .layers(2)
                        .dModel(32)
                        .heads(4)
                        .kvHeads(2)
                        .headDim(6)
                        .dFf(128)
                        .tied()
                        .gelu()
                        .theta(5e5)
                        .eps(1e-6)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"d_model\": 32 | \"d_model\": \"32\" | d_model must be an integer: d_model=\"32\"",
                "\"d_model\": 32 | \"d_model\": 1.5 | d_model must be an integer: d_model=1.5",
                "\"d_model\": 32 | \"d_model\": null | d_model must be an integer: d_model=null",
                "\"num_heads\": 4 | \"num_heads\": 0 | num_heads must be at least 1: num_heads=0",
                "\"num_layers\": 2 | \"num_layers\": -2 | num_layers must be at least 1: num_layers=-2",
                "\"num_layers\": 2 | \"num_layers\": 100001 | num_layers must be at most 100000: num_layers=100001",
                "\"num_layers\": 2 | \"num_layers\": 2147483647 | num_layers must be at most 100000: num_layers=2147483647",
                "\"num_heads\": 4 | \"num_heads\": 5 | d_model must be a multiple of num_heads: d_model=32, num_heads=5",
                "\"num_heads\": 4 | \"num_heads\": 32 | head_dim must be even for rotary positions: head_dim=1",
                "\"d_ff\": 128 | \"d_ff\": 2147483648 | d_ff must be from 1 to 2147483647: d_ff=2147483648",
                "\"d_ff\": 128 | \"d_ff\": 99999999999999999999 | d_ff must be from 1 to 2147483647: d_ff=99999999999999999999",
                "\"d_ff\": 128 | \"d_ff\": -2147483649 | d_ff must be from 1 to 2147483647: d_ff=-2147483649",
                "\"d_ff\": 128 | \"d_fff\": 128 | unknown key \"d_fff\"; known are context_length, d_ff, d_model, feed_forward, head_dim, norm_eps, num_heads, num_kv_heads, num_layers, rope_theta, tie_embeddings, vocab_size",
                ", \"d_ff\": 128 | '' | key \"d_ff\" is missing",
            })
    void badValueIsNamedWithItsKey(String good, String bad, String message) {
        assertThat(GOOD).contains(good);
        assertRefused(GOOD.replace(good, bad), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"num_kv_heads\": 3 | num_heads must be a multiple of num_kv_heads: num_heads=4, num_kv_heads=3",
                "\"num_kv_heads\": 0 | num_kv_heads must be at least 1: num_kv_heads=0",
                "\"num_kv_heads\": null | num_kv_heads must be an integer: num_kv_heads=null",
                "\"head_dim\": 7 | head_dim must be even for rotary positions: head_dim=7",
                "\"head_dim\": 2147483646 | num_heads * head_dim must be at most 2147483647: 8589934584",
                "\"rope_theta\": 0 | rope_theta must be positive: rope_theta=0.0",
                "\"rope_theta\": \"NaN\" | rope_theta must be a number: rope_theta=\"NaN\"",
                "\"norm_eps\": -1 | norm_eps must be positive: norm_eps=-1.0",
                "\"norm_eps\": 1e999 | norm_eps must be positive: norm_eps=Infinity",
                "\"feed_forward\": \"relu\" | feed_forward must be \"swiglu\" or \"gelu\": feed_forward=\"relu\"",
                "\"feed_forward\": 3 | feed_forward must be \"swiglu\" or \"gelu\": feed_forward=3",
                "\"tie_embeddings\": \"yes\" | tie_embeddings must be true or false: tie_embeddings=\"yes\"",
                "\"tie_embeddings\": 1 | tie_embeddings must be true or false: tie_embeddings=1",
            })
    void badOptionalValueIsNamedWithItsKey(String field, String message) {
        assertRefused(with(field), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n"})
    void emptyFileIsRefused(String json) {
        assertRefused(json, "is empty; a JSON object was expected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[] | array", "7 | number", "\"x\" | string", "null | null", "true | boolean"})
    void whatIsNoObjectIsRefused(String json, String type) {
        assertRefused(json, "must be a JSON object, not " + type);
    }

    @Test
    void truncatedFileIsRefusedWithThePlace() {
        assertThatThrownBy(() -> reader.read("m", "m.json", GOOD.substring(0, 40)))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("m.json: not valid JSON: ")
                .hasMessageContaining("(line 1, column ")
                .message()
                .hasLineCount(1);
    }

    @Test
    void repeatedKeyIsRefusedByName() {
        assertThatThrownBy(() -> reader.read("m", "m.json", with("\"d_ff\": 64")))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("m.json: not valid JSON: ")
                .hasMessageContaining("d_ff")
                .message()
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'{}', something follows the JSON object",
        "1, something follows the JSON object",
        "x, 'Unrecognized token ''x'''",
        "], 'Unexpected close marker '']'''",
    })
    void whatFollowsTheObjectIsRefused(String rest, String problem) {
        assertBadJson(GOOD + rest, problem);
    }

    @Test
    void bareNanIsRefused() {
        assertBadJson(with("\"rope_theta\": NaN"), "NaN");
    }

    private void assertBadJson(String json, String named) {
        assertThatThrownBy(() -> reader.read("m", "m.json", json))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("m.json: ")
                .hasMessageContaining(named)
                .message()
                .hasLineCount(1);
    }

    private void assertRefused(String json, String message) {
        assertThatThrownBy(() -> reader.read("m", "m.json", json))
                .isInstanceOf(BadDataException.class)
                .hasMessage("m.json: " + message);
    }

    private static String with(String field) {
        return GOOD.substring(0, GOOD.length() - 1) + ", " + field + "}";
    }
}
