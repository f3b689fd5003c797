package dev.flopscope;

import dev.flopscope.config.ModelConfig;
import java.util.List;

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

    /** All of them. */
    public static final List<ModelConfig> ALL = List.of(PLAIN, GROUPED, MULTI_QUERY, GELU, ODD, WINDOWED, ALTERNATING);

    private SmallModels() {}
}
