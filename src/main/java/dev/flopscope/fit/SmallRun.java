package dev.flopscope.fit;

import dev.flopscope.config.ModelConfig;
import java.util.OptionalInt;

/**
 * A run small enough to take no time.
 *
 * @param model the model, whose blocks are all the same
 * @param batch B
 * @param tokens T
 * @param decode tokens decoded after the prompt, if any are
 */
public record SmallRun(ModelConfig model, int batch, int tokens, OptionalInt decode) {}
