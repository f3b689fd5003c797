package dev.flopscope.run;

/**
 * A candidate for the next token.
 *
 * @param token its id
 * @param text its text in GPT-2's vocabulary; empty if the model's vocabulary is another
 * @param probability the softmax of its logit
 */
public record Prediction(int token, String text, double probability) {}
