package dev.flopscope.audit;

import java.math.BigDecimal;

/** What a claim says its quantity is. */
public sealed interface ClaimedValue {
    /** As it is written in the claims file. */
    String text();

    /**
     * A number.
     *
     * @param text as written, such as {@code 2.706e11}
     * @param number its value
     */
    record Literal(String text, BigDecimal number) implements ClaimedValue {}

    /**
     * A formula in the letters B, T, D, H, K, d, F, V and L, evaluated for the claim's model and context.
     *
     * @param text as written, such as {@code 4*T*D*F}
     */
    record Formula(String text) implements ClaimedValue {}
}
