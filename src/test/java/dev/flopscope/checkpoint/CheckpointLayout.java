package dev.flopscope.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The names and extents of the tensors that a published checkpoint has, from {@code checkpoints/tensors.txt}. Nothing of the
 * program is asked, as the program is what they test.
 */
public final class CheckpointLayout {
    private static final Path TABLE = Path.of("src/test/resources/checkpoints/tensors.txt");

    private final JsonNode config;
    private final Map<String, Long> words = new HashMap<>();

    private CheckpointLayout(JsonNode config) {
        this.config = config;
        extents();
        latentExtents();
        presence();
    }

    /** The tensors of a checkpoint with this config.json, in the order in which they are written. */
    public static Map<String, List<Long>> tensors(JsonNode config) throws IOException {
        return new CheckpointLayout(config).expand();
    }

    private Map<String, List<Long>> expand() throws IOException {
        Map<String, List<Long>> tensors = new LinkedHashMap<>();
        boolean ours = false;
        for (String line : Files.readAllLines(TABLE)) {
            if (line.startsWith("[")) {
                String families = " " + line.substring(1, line.length() - 1) + " ";
                ours = families.contains(" " + type() + " ");
            } else if (ours && !line.startsWith("#")) {
                layers(line.split(" ", -1), tensors);
            }
        }
        return tensors;
    }

    private void layers(String[] line, Map<String, List<Long>> tensors) {
        long layers = line[0].contains("{i}") ? word("layers") : 1;
        for (int layer = 0; layer < layers; layer++) {
            words.put("sparse", isSparse(layer) ? 1L : 0L);
            words.put("dense", isSparse(layer) ? 0L : 1L);
            if (line.length == 3 && word(line[2]) == 0) {
                continue;
            }
            List<Long> shape =
                    Arrays.stream(line[1].split(",", -1)).map(this::word).toList();
            long experts = line[0].contains("{e}") ? word("experts") : 1;
            for (int expert = 0; expert < experts; expert++) {
                tensors.put(line[0].replace("{i}", "" + layer).replace("{e}", "" + expert), shape);
            }
        }
    }

    private void extents() {
        long width = number(0, "hidden_size", "n_embd");
        long heads = number(0, "num_attention_heads", "n_head");
        long keys = number(heads, "num_key_value_heads");
        long head = number(width / heads, "head_dim");
        long inner = number(4 * width, "intermediate_size", "n_inner");
        words.putAll(Map.of("1", 1L, "d", width, "3d", 3 * width, "heads", heads, "hd", head));
        words.putAll(Map.of("q", heads * head, "kv", keys * head, "qkv", (heads + 2 * keys) * head));
        words.putAll(Map.of("ff", inner, "2ff", 2 * inner, "moe", number(0, "moe_intermediate_size")));
        words.put("V", number(0, "vocab_size"));
        words.put("P", number(0, "n_positions"));
        words.put("layers", number(0, "num_hidden_layers", "n_layer"));
        words.put("experts", number(0, "n_routed_experts", "num_experts", "num_local_experts"));
        words.put("shared", number(word("moe") * number(0, "n_shared_experts"), "shared_expert_intermediate_size"));
    }

    /** Of attention whose keys and values are kept in a latent of their own. */
    private void latentExtents() {
        long heads = word("heads");
        long plain = number(0, "qk_nope_head_dim");
        long turned = number(0, "qk_rope_head_dim");
        long value = number(0, "v_head_dim");
        long rank = number(0, "kv_lora_rank");
        words.putAll(Map.of("queries", heads * (plain + turned), "latent", rank + turned, "kvrank", rank));
        words.putAll(Map.of("expanded", heads * (plain + value), "values", heads * value));
        words.put("qrank", number(0, "q_lora_rank"));
        words.put("plainq", word("qrank") == 0 ? 1L : 0L);
    }

    private void presence() {
        boolean gemmaOrGpt2 = List.of("gpt2", "gemma2", "gemma3_text").contains(type());
        boolean always = type().equals("qwen2");
        boolean usual = List.of("gpt_neox", "gpt_oss", "qwen2_moe").contains(type());
        String key = type().equals("qwen2_moe") ? "qkv_bias" : "attention_bias";
        words.put("untied", config.path("tie_word_embeddings").asBoolean(gemmaOrGpt2) ? 0L : 1L);
        words.put("bias", always || config.path(key).asBoolean(usual) ? 1L : 0L);
        words.put("mlpbias", config.path("mlp_bias").asBoolean(false) ? 1L : 0L);
    }

    private boolean isSparse(int layer) {
        if (word("experts") == 0) {
            return false;
        }
        for (JsonNode dense : config.path("mlp_only_layers")) {
            if (dense.asInt() == layer) {
                return false;
            }
        }
        return layer >= number(0, "first_k_dense_replace") && (layer + 1) % number(1, "decoder_sparse_step") == 0;
    }

    private String type() {
        return config.path("model_type").asText();
    }

    private long word(String word) {
        return Objects.requireNonNull(words.get(word), word);
    }

    private long number(long otherwise, String... keys) {
        for (String key : keys) {
            if (config.path(key).isNumber()) {
                return config.path(key).asLong();
            }
        }
        return otherwise;
    }
}
