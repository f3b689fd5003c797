package dev.flopscope.config;

import java.util.List;

/**
 * Where a model comes from: what says how its parameters are called in a checkpoint, and what of it is not executed yet.
 *
 * @param label the {@code model_type} of a published config, or {@code decoder}
 * @param json the config, as it was read; empty for a model whose config is in this project's own keys
 * @param notExecuted what a pass would need and this program does not have, in words; empty if it can be run
 */
public record Architecture(String label, String json, List<String> notExecuted) {
    /** A model of this project's own. */
    public static final Architecture DECODER = new Architecture("decoder", "", List.of());

    /** Keeps a copy. */
    public Architecture {
        notExecuted = List.copyOf(notExecuted);
    }
}
