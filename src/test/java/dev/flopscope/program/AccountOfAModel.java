package dev.flopscope.program;

import dev.flopscope.api.ModelPass;
import dev.flopscope.api.PassFlops;

/** A program that uses this project for accounts alone. */
public final class AccountOfAModel {
    private AccountOfAModel() {}

    /** Prints the FLOPs of a product and of a pass, and the number of parameters. */
    public static void main(String[] arguments) {
        PassFlops account = ModelPass.of("gpt2-small").context(1024).account();
        System.out.println(account.byKind().get("q_proj") + " " + account.flops() + " " + account.parameters());
    }
}
