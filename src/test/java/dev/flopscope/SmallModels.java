package dev.flopscope;

import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import java.util.List;

/** Configs small enough for float64 triple loops, each odd in its own way. */
public final class SmallModels {
    /** As many key/value heads as heads, like GPT-2, with SwiGLU. */
    public static final ModelConfig PLAIN =
            new ModelConfig("plain", 11, 16, 1, 8, 2, 2, 4, 12, false, FeedForward.SWIGLU, 10_000, 1e-5);
    /** Two heads share a key/value head; d is not D/H; the embedding is the LM head. */
    public static final ModelConfig GROUPED =
            new ModelConfig("grouped", 23, 16, 2, 12, 4, 2, 6, 17, true, FeedForward.SWIGLU, 10_000, 1e-5);
    /** All heads share one key/value head; D and F are odd. */
    public static final ModelConfig MULTI_QUERY =
            new ModelConfig("multi-query", 13, 16, 3, 9, 3, 1, 4, 7, false, FeedForward.SWIGLU, 500, 1e-3);
    /** GELU, and a wide d. */
    public static final ModelConfig GELU =
            new ModelConfig("gelu", 19, 16, 2, 10, 2, 2, 8, 15, false, FeedForward.GELU, 500, 1e-6);
    /** Everything at its least or odd, grouped, tied and with GELU. */
    public static final ModelConfig ODD =
            new ModelConfig("odd", 3, 5, 3, 7, 6, 3, 2, 5, true, FeedForward.GELU, 37.5, 1e-2);

    /** All of them. */
    public static final List<ModelConfig> ALL = List.of(PLAIN, GROUPED, MULTI_QUERY, GELU, ODD);

    private SmallModels() {}
}
