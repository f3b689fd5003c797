package dev.flopscope.cli;

import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.Phase;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --decode}, {@code --chunk} and {@code --logits}: in which passes a prompt is read, and what follows it. */
final class PhaseOptions {
    @Mixin
    private DecodeOption decode = new DecodeOption();

    @Option(
            names = "--chunk",
            paramLabel = "N",
            description = "Read the prompt in chunks of N tokens at most, one after the other, over a cache of keys and"
                    + " values (default: the whole prompt in one pass).")
    private @Nullable Integer chunk;

    @Option(
            names = "--logits",
            paramLabel = "WHICH",
            defaultValue = "all",
            description = "all: logits of every token of the prompt; last: of the last token of each sequence alone, as"
                    + " inference engines compute them (default: ${DEFAULT-VALUE}).")
    private LogitsRows logits = LogitsRows.ALL;

    /**
     * How many tokens are decoded; empty if none were asked for.
     *
     * @throws TypeConversionException if there are more than there are closed forms for
     */
    OptionalInt decode() {
        return decode.count();
    }

    /** How many tokens a chunk has at most; empty if the prompt is read in one pass. */
    OptionalInt chunk() {
        return chunk == null ? OptionalInt.empty() : OptionalInt.of(chunk);
    }

    /**
     * Checks a prompt of up to {@code tokens}.
     *
     * @throws TypeConversionException if it would have more chunks than there are closed forms for
     */
    void requireFewChunks(int tokens) {
        if (chunk != null && (tokens - 1) / chunk >= Phase.MOST_STEPS) {
            throw new TypeConversionException(
                    "--chunk " + chunk + " makes more than " + Phase.MOST_STEPS + " chunks of " + tokens + " tokens");
        }
    }

    /** Of which tokens of the prompt there are logits. */
    LogitsRows logits() {
        return logits;
    }

    /** The phases of a run with a prompt of {@code tokens}. */
    List<Phase> phases(int batch, int tokens) {
        requireFewChunks(tokens);
        return Phase.of(batch, tokens, chunk(), decode(), logits);
    }
}
