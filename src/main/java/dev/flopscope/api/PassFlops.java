package dev.flopscope.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * FLOPs of a pass, of a prompt and of what is decoded after it together.
 *
 * @param flops all of them
 * @param byKind FLOPs of all layers by kind of product, as {@code q_proj}, in the order of a pass
 * @param parameters how many parameters the model has
 */
public record PassFlops(long flops, Map<String, Long> byKind, long parameters) {
    /** Keeps a copy. */
    public PassFlops {
        byKind = Collections.unmodifiableMap(new LinkedHashMap<>(byKind));
    }
}
