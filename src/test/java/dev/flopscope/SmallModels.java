package dev.flopscope;

import dev.flopscope.config.BlockConfig.Arrangement;
import dev.flopscope.config.FeedForwardConfig.Experts;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.RoutingConfig;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Configs small enough for float64 triple loops, each odd in its own way. */
public final class SmallModels {
    /** As many key/value heads as heads, like GPT-2, with SwiGLU. */
    public static final ModelConfig PLAIN = TestModels.builder("plain")
            .vocab(11)
            .context(16)
            .layers(1)
            .dModel(8)
            .heads(2)
            .headDim(4)
            .dFf(12)
            .build();
    /** Two heads share a key/value head; d is not D/H; the embedding is the LM head. */
    public static final ModelConfig GROUPED = TestModels.builder("grouped")
            .vocab(23)
            .context(16)
            .layers(2)
            .dModel(12)
            .heads(4)
            .kvHeads(2)
            .headDim(6)
            .dFf(17)
            .tied()
            .build();
    /** All heads share one key/value head; D and F are odd. */
    public static final ModelConfig MULTI_QUERY = TestModels.builder("multi-query")
            .vocab(13)
            .context(16)
            .layers(3)
            .dModel(9)
            .heads(3)
            .kvHeads(1)
            .headDim(4)
            .dFf(7)
            .theta(500)
            .eps(1e-3)
            .build();
    /** GELU, and a wide d. */
    public static final ModelConfig GELU = TestModels.builder("gelu")
            .vocab(19)
            .context(16)
            .layers(2)
            .dModel(10)
            .heads(2)
            .headDim(8)
            .dFf(15)
            .gelu()
            .theta(500)
            .eps(1e-6)
            .build();
    /** Everything at its least or odd, grouped, tied and with GELU. */
    public static final ModelConfig ODD = TestModels.builder("odd")
            .vocab(3)
            .context(5)
            .layers(3)
            .dModel(7)
            .heads(6)
            .kvHeads(3)
            .headDim(2)
            .dFf(5)
            .tied()
            .gelu()
            .theta(37.5)
            .eps(1e-2)
            .build();
    /** Queries see three tokens in every layer. */
    public static final ModelConfig WINDOWED = TestModels.builder("windowed")
            .vocab(17)
            .context(16)
            .layers(2)
            .dModel(10)
            .heads(4)
            .kvHeads(2)
            .headDim(4)
            .dFf(9)
            .window(3)
            .build();
    /** No two blocks are the same but the first and the last: windows, heads, widths, networks and constants alternate. */
    public static final ModelConfig ALTERNATING = TestModels.builder("alternating")
            .vocab(21)
            .context(16)
            .dModel(11)
            .heads(4)
            .kvHeads(2)
            .headDim(4)
            .dFf(13)
            .block(block -> block.window(3))
            .block(block -> block.heads(2).kvHeads(2).headDim(6).dFf(5).gelu())
            .block(block -> block.heads(6).kvHeads(1).headDim(2).window(1).theta(40))
            .block(block -> block.kvHeads(4).dFf(20).gelu().window(5).eps(1e-3))
            .block(block -> block.window(3))
            .build();

    /** GPT-2 as published: LayerNorm, learned positions, biases everywhere, tied. */
    public static final ModelConfig PUBLISHED = TestModels.builder("published")
            .vocab(19)
            .context(80)
            .layers(1)
            .dModel(12)
            .heads(3)
            .headDim(4)
            .dFf(17)
            .tied()
            .gelu()
            .every(block -> block.layerNorm().learned().biases())
            .build();
    /** Biases of queries, keys and values, and a norm of queries and keys, head by head. */
    public static final ModelConfig NORMED_HEADS =
            ofOneBlock("normed heads", block -> block.kvHeads(1).inputBias().headNorm(true));
    /** A norm over all queries and one over all keys, and norms behind both halves, as in OLMo 2. */
    public static final ModelConfig BEHIND =
            ofOneBlock("behind", block -> block.headNorm(false).arrangement(Arrangement.POST_NORM));
    /** Norms before and behind, and a window, as in Gemma. */
    public static final ModelConfig SANDWICH = ofOneBlock(
            "sandwich", block -> block.arrangement(Arrangement.SANDWICH).window(4));
    /** Both halves on the same stream, part of a head turned, and biases, as in GPT-NeoX. */
    public static final ModelConfig PARALLEL = ofOneBlock(
            "parallel",
            block -> block.layerNorm()
                    .arrangement(Arrangement.PARALLEL)
                    .rotaryWidth(4)
                    .biases());
    /** Experts: renormalised, then as they are with a shared one that is weighted, then by groups with a correction. */
    public static final ModelConfig MIXTURE = TestModels.builder("mixture")
            .vocab(17)
            .context(16)
            .dModel(10)
            .heads(2)
            .headDim(4)
            .dFf(7)
            .block(block -> block.experts(5, 2))
            .block(block -> block.experts(one ->
                    new Experts(3, 1, one.expert(), OptionalInt.of(9), true, true, RoutingConfig.softmax(false))))
            .block(block -> block.experts(one -> new Experts(
                    6,
                    2,
                    one.expert(),
                    OptionalInt.of(5),
                    false,
                    false,
                    new RoutingConfig(RoutingConfig.Score.SIGMOID, true, 2.5, 3, 2, true))))
            .build();
    /** Sinks, with a window and without; experts with biases, whose gate has a limit that many elements are beyond, as in gpt-oss. */
    public static final ModelConfig SINKS = TestModels.builder("sinks")
            .vocab(17)
            .context(16)
            .dModel(10)
            .heads(4)
            .kvHeads(2)
            .headDim(4)
            .dFf(7)
            .every(block -> block.sinks().biases().limit(0.3))
            .block(block -> block.window(3).experts(SmallModels::withBiases))
            .block(block -> block.experts(SmallModels::withBiases))
            .build();
    /** Multi-head latent attention, with a narrow vector of queries and without. */
    public static final ModelConfig LATENT = TestModels.builder("latent")
            .vocab(17)
            .context(16)
            .dModel(12)
            .heads(3)
            .headDim(6)
            .dFf(9)
            .block(block -> block.latent(OptionalInt.of(7), 5, 2, 4))
            .block(block -> block.latent(OptionalInt.empty(), 8, 4, 9))
            .build();

    /** Those whose blocks have seven or six projections, two RMSNorms and rotary positions, and no more. */
    public static final List<ModelConfig> OF_USUAL_BLOCKS =
            List.of(PLAIN, GROUPED, MULTI_QUERY, GELU, ODD, WINDOWED, ALTERNATING);

    /** All of them. */
    public static final List<ModelConfig> ALL = Stream.concat(
                    OF_USUAL_BLOCKS.stream(), Stream.of(PUBLISHED, NORMED_HEADS, PARALLEL, MIXTURE, SINKS, LATENT))
            .toList();

    /**
     * Models with norms behind their halves, which blow small results up, errors included: bounds of float32 say nothing of them,
     * but a backend in float64 agrees to the last digits.
     */
    public static final List<ModelConfig> NORMS_BEHIND = List.of(BEHIND, SANDWICH);

    private SmallModels() {}

    private static Experts withBiases(Experts one) {
        return new Experts(5, 2, one.expert(), OptionalInt.empty(), false, true, RoutingConfig.softmax(true));
    }

    private static ModelConfig ofOneBlock(String name, UnaryOperator<TestModels.Block> change) {
        return TestModels.builder(name)
                .vocab(17)
                .context(16)
                .dModel(12)
                .heads(2)
                .headDim(6)
                .dFf(9)
                .embeddingScale(1.5)
                .block(change)
                .build();
    }
}
