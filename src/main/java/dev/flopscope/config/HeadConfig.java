package dev.flopscope.config;

/**
 * What follows the blocks: a norm, and the LM head that makes logits.
 *
 * @param norm the final norm
 * @param tied whether the LM head reuses the embedding's matrix
 */
public record HeadConfig(NormConfig norm, boolean tied) {}
