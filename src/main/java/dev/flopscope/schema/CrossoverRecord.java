package dev.flopscope.schema;

/**
 * Contexts at which the parts of a prompt change places.
 *
 * @param attentionOverFeedForwardContext the shortest at which attention's products cost more than the feed-forward network
 * @param headBelowPercent x
 * @param headBelowContext the shortest at which the LM head costs less than x % of all
 */
public record CrossoverRecord(long attentionOverFeedForwardContext, int headBelowPercent, long headBelowContext) {}
