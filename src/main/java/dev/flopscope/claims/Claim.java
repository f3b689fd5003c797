package dev.flopscope.claims;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * One published number, as a line of a claims file gives it.
 *
 * @param source the claims file
 * @param line where in it, from 1
 * @param id its name in reports and in other claims
 * @param model a shipped model's name, or the path of a config from the claims file's folder or from the current one
 * @param batch B, at least 1
 * @param context T, at least 1
 * @param decode G, tokens decoded after the prompt; empty if none are
 * @param quantity what the number is of, a name that {@link Quantities} knows
 * @param claimed a number such as {@code 2.706e11}, or a formula in letters such as {@code 4*T*D*F}
 * @param precision to how many digits it is given
 * @param parts ids of the claims that are said to add up to this one; mostly none
 */
public record Claim(
        String source,
        long line,
        String id,
        String model,
        int batch,
        int context,
        OptionalInt decode,
        String quantity,
        String claimed,
        Precision precision,
        List<String> parts) {
    /** Keeps a copy of the list. */
    public Claim {
        parts = List.copyOf(parts);
    }

    /** Of one sequence, after which nothing is decoded. */
    public Claim(
            String source,
            long line,
            String id,
            String model,
            int context,
            String quantity,
            String claimed,
            Precision precision,
            List<String> parts) {
        this(source, line, id, model, 1, context, OptionalInt.empty(), quantity, claimed, precision, parts);
    }

    /** File and line, for messages. */
    public String where() {
        return source + ":" + line;
    }

    /** The path of the model beside the claims file if there is such a file, else the model as it is named. */
    public String modelToFind() {
        try {
            Path beside = Path.of(source).resolveSibling(model);
            return Files.isRegularFile(beside) ? beside.toString() : model;
        } catch (InvalidPathException e) {
            return model;
        }
    }
}
