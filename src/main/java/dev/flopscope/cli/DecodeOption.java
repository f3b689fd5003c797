package dev.flopscope.cli;

import dev.flopscope.config.Phase;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --decode}: how many tokens follow the prompt. */
final class DecodeOption {
    @Option(
            names = "--decode",
            paramLabel = "N",
            description = "Tokens to decode after the prompt, one by one, with a cache of keys and values"
                    + " (default: none).")
    private @Nullable Integer decode;

    /**
     * How many tokens are decoded; empty if none were asked for.
     *
     * @throws TypeConversionException if there are more than there are closed forms for
     */
    OptionalInt count() {
        if (decode == null) {
            return OptionalInt.empty();
        }
        if (decode > Phase.MOST_STEPS) {
            throw new TypeConversionException(
                    "--decode " + decode + " is more than the " + Phase.MOST_STEPS + " tokens that can be decoded");
        }
        return OptionalInt.of(decode);
    }
}
