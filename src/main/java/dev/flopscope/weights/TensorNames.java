package dev.flopscope.weights;

import static java.util.Map.entry;

import dev.flopscope.weights.Parameter.Role;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What checkpoints call their tensors: for each role the name without {@code .weight} or {@code .bias}, with {@code %1$d} for the
 * layer and {@code %2$d} for the expert.
 *
 * @param prefixes what may stand before all names but the head's, the likeliest first
 * @param names by role
 */
record TensorNames(List<String> prefixes, Map<Role, String> names) {
    private static final String LAYER = "layers.%1$d.";
    private static final String ATTENTION = LAYER + "self_attn.";
    private static final String NETWORK = LAYER + "mlp.";
    private static final String ALL_EXPERTS = NETWORK + "experts.";

    private static final Map<Role, String> USUAL = Map.ofEntries(
            entry(Role.EMBEDDING, "embed_tokens"),
            entry(Role.ATTENTION_NORM, LAYER + "input_layernorm"),
            entry(Role.QUERY, ATTENTION + "q_proj"),
            entry(Role.KEY, ATTENTION + "k_proj"),
            entry(Role.VALUE, ATTENTION + "v_proj"),
            entry(Role.OUTPUT, ATTENTION + "o_proj"),
            entry(Role.QUERY_NORM, ATTENTION + "q_norm"),
            entry(Role.KEY_NORM, ATTENTION + "k_norm"),
            entry(Role.SINKS, ATTENTION + "sinks"),
            entry(Role.QUERY_DOWN, ATTENTION + "q_a_proj"),
            entry(Role.QUERY_DOWN_NORM, ATTENTION + "q_a_layernorm"),
            entry(Role.LATENT_DOWN, ATTENTION + "kv_a_proj_with_mqa"),
            entry(Role.LATENT_NORM, ATTENTION + "kv_a_layernorm"),
            entry(Role.LATENT_UP, ATTENTION + "kv_b_proj"),
            entry(Role.FEED_FORWARD_NORM, LAYER + "post_attention_layernorm"),
            entry(Role.GATE, NETWORK + "gate_proj"),
            entry(Role.UP, NETWORK + "up_proj"),
            entry(Role.DOWN, NETWORK + "down_proj"),
            entry(Role.ROUTER, NETWORK + "gate"),
            entry(Role.CORRECTION, NETWORK + "gate.e_score_correction_bias"),
            entry(Role.SHARED_GATE, NETWORK + "shared_expert.gate_proj"),
            entry(Role.SHARED_UP, NETWORK + "shared_expert.up_proj"),
            entry(Role.SHARED_DOWN, NETWORK + "shared_expert.down_proj"),
            entry(Role.SHARED_ROUTER, NETWORK + "shared_expert_gate"),
            entry(Role.FINAL_NORM, "norm"),
            entry(Role.LM_HEAD, "lm_head"));

    private static final Map<Role, String> GPT2 = Map.ofEntries(
            entry(Role.EMBEDDING, "wte"),
            entry(Role.POSITIONS, "wpe"),
            entry(Role.ATTENTION_NORM, "h.%1$d.ln_1"),
            entry(Role.QUERY, "h.%1$d.attn.c_attn"),
            entry(Role.KEY, "h.%1$d.attn.c_attn"),
            entry(Role.VALUE, "h.%1$d.attn.c_attn"),
            entry(Role.OUTPUT, "h.%1$d.attn.c_proj"),
            entry(Role.FEED_FORWARD_NORM, "h.%1$d.ln_2"),
            entry(Role.UP, "h.%1$d.mlp.c_fc"),
            entry(Role.DOWN, "h.%1$d.mlp.c_proj"),
            entry(Role.FINAL_NORM, "ln_f"),
            entry(Role.LM_HEAD, "lm_head"));

    private static final Map<Role, String> NEOX = Map.ofEntries(
            entry(Role.EMBEDDING, "embed_in"),
            entry(Role.ATTENTION_NORM, LAYER + "input_layernorm"),
            entry(Role.QUERY, LAYER + "attention.query_key_value"),
            entry(Role.KEY, LAYER + "attention.query_key_value"),
            entry(Role.VALUE, LAYER + "attention.query_key_value"),
            entry(Role.OUTPUT, LAYER + "attention.dense"),
            entry(Role.FEED_FORWARD_NORM, LAYER + "post_attention_layernorm"),
            entry(Role.UP, NETWORK + "dense_h_to_4h"),
            entry(Role.DOWN, NETWORK + "dense_4h_to_h"),
            entry(Role.FINAL_NORM, "final_layer_norm"),
            entry(Role.LM_HEAD, "embed_out"));

    /** The names of a {@code model_type}. */
    static TensorNames of(String type) {
        return switch (type) {
            case "gpt2" -> new TensorNames(List.of("", "transformer."), GPT2);
            case "gpt_neox" -> new TensorNames(List.of("gpt_neox.", ""), NEOX);
            case "phi3" ->
                usual(Map.of(
                        Role.QUERY, ATTENTION + "qkv_proj",
                        Role.KEY, ATTENTION + "qkv_proj",
                        Role.VALUE, ATTENTION + "qkv_proj",
                        Role.GATE, NETWORK + "gate_up_proj",
                        Role.UP, NETWORK + "gate_up_proj"));
            case "mixtral" -> usual(Map.of(Role.ROUTER, LAYER + "block_sparse_moe.gate"));
            case "olmo2" ->
                usual(Map.of(
                        Role.ATTENTION_NORM, LAYER + "post_attention_layernorm",
                        Role.FEED_FORWARD_NORM, LAYER + "post_feedforward_layernorm"));
            case "gemma2", "gemma3_text" ->
                usual(Map.of(
                        Role.AFTER_ATTENTION_NORM, LAYER + "post_attention_layernorm",
                        Role.FEED_FORWARD_NORM, LAYER + "pre_feedforward_layernorm",
                        Role.AFTER_FEED_FORWARD_NORM, LAYER + "post_feedforward_layernorm"));
            case "gpt_oss" ->
                usual(Map.of(
                        Role.ROUTER, NETWORK + "router",
                        Role.GATE, ALL_EXPERTS + "gate_up_proj",
                        Role.UP, ALL_EXPERTS + "gate_up_proj",
                        Role.DOWN, ALL_EXPERTS + "down_proj"));
            case "deepseek_v2", "deepseek_v3" ->
                usual(Map.of(
                        Role.SHARED_GATE, NETWORK + "shared_experts.gate_proj",
                        Role.SHARED_UP, NETWORK + "shared_experts.up_proj",
                        Role.SHARED_DOWN, NETWORK + "shared_experts.down_proj"));
            default -> usual(Map.of());
        };
    }

    private static TensorNames usual(Map<Role, String> changed) {
        Map<Role, String> names = new EnumMap<>(USUAL);
        names.putAll(changed);
        return new TensorNames(
                List.of("model.", "", "language_model.model.", "model.language_model.", "language_model."), names);
    }

    /** The name of a parameter, without a prefix. */
    String of(Parameter parameter, String type, boolean latent) {
        String name = names.get(parameter.role());
        boolean together = isOfAllExperts(parameter, type);
        if (parameter.expert() >= 0 && !together) {
            name = type.equals("mixtral")
                    ? LAYER + "block_sparse_moe.experts.%2$d." + mixtral(parameter.role())
                    : String.valueOf(name).replace("mlp.", "mlp.experts.%2$d.");
        }
        if (latent && parameter.role() == Role.QUERY) {
            name = ATTENTION + "q_b_proj";
        }
        if (name == null) {
            throw new IllegalStateException("checkpoints of " + type + " have no name for " + parameter);
        }
        String suffix = together
                ? parameter.bias() ? "_bias" : ""
                : parameter.role().standsAlone() ? "" : parameter.bias() ? ".bias" : ".weight";
        return String.format(Locale.ROOT, name, parameter.layer(), parameter.expert()) + suffix;
    }

    /** Whether a parameter of one expert is stored in a tensor that holds those of all experts, one after the other. */
    static boolean isOfAllExperts(Parameter parameter, String type) {
        return parameter.expert() >= 0 && type.equals("gpt_oss");
    }

    private static String mixtral(Role role) {
        return switch (role) {
            case GATE -> "w1";
            case UP -> "w3";
            default -> "w2";
        };
    }

    /** Whether a tensor is none of the parameters, but something that follows from the config: masks and frequencies. */
    static boolean isDerived(String name) {
        return name.endsWith(".inv_freq")
                || name.endsWith(".attn.bias")
                || name.endsWith(".masked_bias")
                || name.endsWith(".attention.bias");
    }
}
