package dev.flopscope.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flopscope.config.AttentionConfig.HeadNorm;
import dev.flopscope.config.BlockConfig.Arrangement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the blocks of a published config, trait by trait. */
final class BlockReader {
    private final Settings settings;
    private final RotaryReader rotary;
    private final int dModel;
    private final int heads;
    private final Map<Integer, BlockConfig> blocks = new HashMap<>();

    BlockReader(Settings settings, int positions) {
        this.settings = settings;
        this.rotary = new RotaryReader(settings, positions);
        this.dModel = settings.integer("hidden_size");
        this.heads = settings.integer("num_attention_heads");
        Constraints.requirePositive("num_attention_heads", heads);
    }

    /** A block; blocks that are the same are one object. */
    BlockConfig block(boolean windowed, boolean sparse) {
        return blocks.computeIfAbsent((windowed ? 1 : 0) + (sparse ? 2 : 0), missing -> {
            OptionalInt window = windowed ? settings.optionalInteger("sliding_window") : OptionalInt.empty();
            AttentionConfig attention = settings.has("latent") ? latent(window) : attention(window);
            return new BlockConfig(norm(), attention, norm(), sparse ? experts() : dense(), arrangement());
        });
    }

    NormConfig norm() {
        return settings.has("layer_norm")
                ? new NormConfig.Layer(settings.number("norm_eps"))
                : new NormConfig.Rms(settings.number("rms_norm_eps"));
    }

    private Arrangement arrangement() {
        return settings.has("post_norm")
                ? Arrangement.POST_NORM
                : settings.has("sandwich")
                        ? Arrangement.SANDWICH
                        : settings.flag("use_parallel_residual") ? Arrangement.PARALLEL : Arrangement.PRE_NORM;
    }

    private AttentionConfig attention(OptionalInt window) {
        int headDim = settings.integer("head_dim", this::headDim, "hidden_size / num_attention_heads");
        int kvHeads = settings.integer("num_key_value_heads", () -> heads, "num_attention_heads");
        boolean biases = settings.has("attention_biases") || settings.flag("attention_bias");
        boolean inputBiases = biases || settings.has("input_biases") || settings.flag("qkv_bias");
        Optional<JsonNode> scaled = settings.find("scale_attn_weights");
        double scale = scaled.isPresent() && !scaled.get().asBoolean()
                ? 1
                : 1 / Math.sqrt(settings.optionalNumber("query_pre_attn_scalar").orElse(headDim));
        return new AttentionConfig(
                heads,
                kvHeads,
                headDim,
                headDim,
                scale,
                settings.has("learned_positions")
                        ? Optional.empty()
                        : Optional.of(rotary.of(window.isPresent(), headDim)),
                window,
                inputBiases,
                biases,
                settings.has("head_norm") || settings.has("width_norm")
                        ? Optional.of(new HeadNorm(norm(), settings.has("head_norm")))
                        : Optional.empty(),
                Optional.empty(),
                settings.has("sinks"),
                settings.optionalNumber("attn_logit_softcapping"));
    }

    private int headDim() {
        Constraints.require(
                dModel % heads == 0,
                "hidden_size must be a multiple of num_attention_heads: hidden_size=" + dModel
                        + ", num_attention_heads=" + heads);
        return dModel / heads;
    }

    private AttentionConfig latent(OptionalInt window) {
        int turned = settings.integer("qk_rope_head_dim");
        int headDim = Math.addExact(settings.integer("qk_nope_head_dim"), turned);
        RotaryConfig whole = rotary.of(false, turned);
        boolean biases = settings.flag("attention_bias");
        return new AttentionConfig(
                heads,
                heads,
                headDim,
                settings.integer("v_head_dim"),
                rotary.scoreFactor() / Math.sqrt(headDim),
                Optional.of(new RotaryConfig(whole.theta(), OptionalInt.of(turned), whole.scaling())),
                window,
                biases,
                biases,
                Optional.empty(),
                Optional.of(new LatentConfig(
                        settings.optionalInteger("q_lora_rank"),
                        settings.integer("kv_lora_rank"),
                        turned,
                        norm(),
                        settings.find("rope_interleave")
                                .map(JsonNode::asBoolean)
                                .orElse(true))),
                false);
    }

    private FeedForwardConfig dense() {
        int width = settings.integer("intermediate_size", () -> Math.multiplyExact(4, dModel), "4 * hidden_size");
        boolean biases = settings.has("feed_forward_biases") || settings.flag("mlp_bias");
        return settings.has("plain")
                ? new FeedForwardConfig.Plain(width, activation(), biases)
                : new FeedForwardConfig.Gated(width, activation(), biases);
    }

    private FeedForwardConfig experts() {
        boolean biases = settings.has("feed_forward_biases");
        int width = settings.integer("moe_intermediate_size");
        int shared = settings.optionalInteger("shared_expert_intermediate_size")
                .orElse(Math.multiplyExact(
                        width, settings.optionalInteger("n_shared_experts").orElse(0)));
        return new FeedForwardConfig.Experts(
                settings.integer("num_experts"),
                settings.integer("num_experts_per_tok"),
                new FeedForwardConfig.Gated(width, activation(), biases, settings.optionalNumber("swiglu_limit")),
                shared == 0 ? OptionalInt.empty() : OptionalInt.of(shared),
                settings.has("shared_gate"),
                biases,
                routing());
    }

    private RoutingConfig routing() {
        String method = settings.find("topk_method").map(JsonNode::asText).orElse("greedy");
        String score = settings.find("scoring_func").map(JsonNode::asText).orElse("softmax");
        boolean groups = !method.equals("greedy");
        return new RoutingConfig(
                switch (score) {
                    case "softmax" -> RoutingConfig.Score.SOFTMAX;
                    case "sigmoid" -> RoutingConfig.Score.SIGMOID;
                    default -> throw settings.wrong("scoring_func", "softmax or sigmoid", score);
                },
                settings.has("renormalised") || settings.flag("norm_topk_prob"),
                settings.optionalNumber("routed_scaling_factor").orElse(1),
                groups ? settings.optionalInteger("n_group").orElse(1) : 1,
                groups ? settings.optionalInteger("topk_group").orElse(1) : 1,
                switch (method) {
                    case "greedy", "group_limited_greedy" -> false;
                    case "noaux_tc" -> true;
                    default -> throw settings.wrong("topk_method", "greedy, group_limited_greedy or noaux_tc", method);
                });
    }

    private Activation activation() {
        if (settings.has("quick_gelu")) {
            return Activation.QUICK_GELU;
        }
        String name = settings.text("hidden_act");
        return switch (name) {
            case "silu", "swish" -> Activation.SILU;
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.GELU_TANH;
            case "gelu" -> Activation.GELU;
            default ->
                throw settings.wrong(
                        "hidden_act",
                        "one of silu, swish, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast",
                        "\"" + name + "\"");
        };
    }
}
