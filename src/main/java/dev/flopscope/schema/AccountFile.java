package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file of an account.
 *
 * @param envelope its beginning
 * @param accounts one or several
 */
public record AccountFile(@JsonUnwrapped Envelope envelope, List<Entry> accounts) {
    /**
     * An account on paper.
     *
     * @param account the closed forms
     * @param conventions the prompt by other conventions, where they were asked for
     * @param bridges from one convention to another, where that was asked for
     * @param crossovers where the parts of a prompt change places, if that is simple
     */
    public record Entry(
            @JsonUnwrapped AccountRecord account,
            List<ConventionRecord> conventions,
            List<BridgeRecord> bridges,
            @Nullable CrossoverRecord crossovers) {}
}
