package dev.flopscope.audit;

import java.util.List;

/**
 * One published number, as a line of a claims file gives it.
 *
 * @param source the claims file
 * @param line where in it, from 1
 * @param id what reports and other claims call it
 * @param model a shipped model's name or the path of a config
 * @param context T, at least 1; B is 1
 * @param quantity what the number is of, a name that {@link Quantities} knows
 * @param claimed the number or formula
 * @param precision how precise it pretends to be
 * @param parts ids of the claims that are said to add up to this one; mostly none
 */
public record Claim(
        String source,
        long line,
        String id,
        String model,
        int context,
        String quantity,
        ClaimedValue claimed,
        Precision precision,
        List<String> parts) {
    /** Keeps a copy of the list. */
    public Claim {
        parts = List.copyOf(parts);
    }

    /** File and line, for messages. */
    public String where() {
        return source + ":" + line;
    }
}
