package dev.flopscope.audit;

import dev.flopscope.flops.Account;

/** Gives the closed forms that claims are held against. */
@FunctionalInterface
public interface AccountSource {
    /**
     * The closed forms of one pass over one sequence.
     *
     * @param model a shipped model's name or the path of a config
     * @param context T, at least 1
     * @throws IllegalArgumentException if there is no such model
     * @throws dev.flopscope.config.BadDataException if the model's config cannot be used
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     */
    Account account(String model, int context);
}
