package dev.flopscope.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.flops.Account;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configs as models are published with them: totals against published ones, and what each key does. */
class PublishedConfigTest {
    private final ModelCatalog catalog = new ModelCatalog();
    private final ModelConfigReader reader = new ModelConfigReader();

    @ParameterizedTest
    @CsvSource({
        "gpt2, 124439808, 124439808",
        "gpt2-medium-published, 354823168, 354823168",
        "gpt2-large-published, 774030080, 774030080",
        "gpt2-xl-published, 1557611200, 1557611200",
        "llama-2-7b, 6738415616, 6738415616",
        "llama-3-8b, 8030261248, 8030261248",
        "llama-3-70b, 70553706496, 70553706496",
        "llama-3.1-405b, 405853388800, 405853388800",
        "qwen2.5-7b, 7615616512, 7615616512",
        "mistral-7b, 7241732096, 7241732096",
        "mixtral-8x7b, 46702792704, 12879925248",
        "gpt-oss-20b, 20914757184, 4187440704",
        "deepseek-v3, 671026419200, 37552297472",
    })
    void modelsHaveAsManyParametersAsWerePublished(String name, long total, long active) {
        Account account = Account.of(catalog.find(name), 1, 8);
        assertThat(account.parameters().total()).isEqualTo(total);
        assertThat(account.parameters().active()).isEqualTo(active);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "llama",
                "mistral",
                "qwen2",
                "qwen3",
                "phi3",
                "gemma2",
                "gemma3_text",
                "mixtral",
                "qwen2_moe",
                "qwen3_moe",
                "gpt_oss",
                "deepseek_v2",
                "deepseek_v3",
                "olmo2",
                "gpt_neox"
            })
    void aTypeAloneIsAConfigOfItsDefaults(String type) {
        ModelSource source = reader.readSource("m", "m.json", "{\"model_type\": \"" + type + "\"}");
        assertThat(source.model().architecture().label()).isEqualTo(type);
        assertThat(source.warnings()).isEmpty();
        assertThat(source.settings())
                .isNotEmpty()
                .allSatisfy(setting -> assertThat(setting.origin()).isNotEqualTo("m.json"));
        assertThat(Account.of(source.model(), 1, 8).prefill().flops()).isPositive();
    }

    @Test
    void whatWasReadIsWrittenAndReadAsTheSameModel() {
        ModelConfig model = catalog.find("deepseek-v3");
        assertThat(reader.read(
                        model.name(), "test", ModelConfigWriter.write(model).toString()))
                .isEqualTo(model);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_type\": \"bert\" | model_type must be one of deepseek_v2, deepseek_v3, gemma2, gemma3_text, gpt2,"
                        + " gpt_neox, gpt_oss, llama, mistral, mixtral, olmo2, phi3, qwen2, qwen2_moe, qwen3, qwen3_moe:"
                        + " model_type=\"bert\"",
                "\"model_type\": \"llama\", \"hidden_act\": \"relu\" | hidden_act must be one of silu, swish, gelu, gelu_new,"
                        + " gelu_pytorch_tanh, gelu_fast: hidden_act=\"relu\"",
                "\"model_type\": \"llama\", \"rope_scaling\": {\"type\": \"spiral\"} | rope_type must be one of default,"
                        + " linear, dynamic, llama3, yarn, longrope: rope_type=\"spiral\"",
                "\"model_type\": \"llama\", \"hidden_size\": 4095 | hidden_size must be a multiple of num_attention_heads:"
                        + " hidden_size=4095, num_attention_heads=32",
                "\"model_type\": \"llama\", \"vocab_size\": \"x\" | vocab_size must be an integer of at most 2147483647:"
                        + " vocab_size=\"x\"",
                "\"model_type\": \"llama\", \"num_hidden_layers\": 0 | num_hidden_layers must be at least 1:"
                        + " num_hidden_layers=0",
            })
    void whatCannotBeReadIsRefusedByName(String fields, String message) {
        assertThatThrownBy(() -> reader.read("m", "m.json", "{" + fields + "}"))
                .isInstanceOf(BadDataException.class)
                .hasMessage("m.json: " + message);
    }

    @Test
    void keysThatNobodyKnowsAreWarnedOf() {
        assertThat(reader.readSource("m", "m.json", "{\"model_type\": \"llama\", \"magic\": 1, \"use_cache\": true}")
                        .warnings())
                .containsExactly("m.json: key \"magic\" is not known of model_type llama, and is left out");
    }

    @Test
    void theTextModelOfAMultimodalOneIsReadAndSaid() {
        ModelSource source = reader.readSource(
                "m", "m.json", "{\"model_type\": \"gemma3\", \"text_config\": {\"model_type\": \"gemma3_text\"}}");
        assertThat(source.model().architecture().label()).isEqualTo("gemma3_text");
        assertThat(source.warnings())
                .containsExactly(
                        "m.json: the text model of a gemma3 is read, from text_config; the rest of it is left out");
    }

    @Test
    void rotaryKeysOfOldAndNewConfigsAreTheSame() {
        String old =
                "{\"model_type\": \"llama\", \"rope_theta\": 500000.0, \"rope_scaling\": {\"rope_type\": \"llama3\","
                        + " \"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                        + " \"original_max_position_embeddings\": 8192}}";
        String other =
                "{\"model_type\": \"llama\", \"rope_parameters\": {\"rope_theta\": 500000.0, \"rope_type\": \"llama3\","
                        + " \"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                        + " \"original_max_position_embeddings\": 8192}}";
        assertThat(rotary(other))
                .isEqualTo(rotary(old))
                .isEqualTo(new RotaryConfig(500_000, OptionalInt.empty(), new RotaryScaling.Llama3(8, 1, 4, 8192)));
    }

    private RotaryConfig rotary(String json) {
        return reader.read("m", "m.json", json)
                .firstBlock()
                .attention()
                .rotary()
                .orElseThrow();
    }

    @Test
    void windowsAreInTheLayersThatTheTypeHasThemIn() {
        assertThat(windows("{\"model_type\": \"mistral\", \"num_hidden_layers\": 3}"))
                .containsExactly(4096, 4096, 4096);
        assertThat(windows("{\"model_type\": \"mistral\", \"sliding_window\": null, \"num_hidden_layers\": 1}"))
                .containsExactly(0);
        assertThat(windows("{\"model_type\": \"qwen2\", \"num_hidden_layers\": 2}"))
                .containsExactly(0, 0);
        assertThat(windows("{\"model_type\": \"qwen2\", \"num_hidden_layers\": 3, \"use_sliding_window\": true,"
                        + " \"max_window_layers\": 2, \"sliding_window\": 9}"))
                .containsExactly(0, 0, 9);
        assertThat(windows("{\"model_type\": \"gemma3_text\", \"num_hidden_layers\": 7, \"sliding_window\": 5}"))
                .containsExactly(5, 5, 5, 5, 5, 0, 5);
        assertThat(windows("{\"model_type\": \"gpt_oss\", \"num_hidden_layers\": 3}"))
                .containsExactly(128, 0, 128);
    }

    private List<Integer> windows(String json) {
        return reader.read("m", "m.json", json).blocks().stream()
                .map(block -> block.attention().window().orElse(0))
                .toList();
    }
}
