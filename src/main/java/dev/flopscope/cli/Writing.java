package dev.flopscope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes several outputs of one result: one that cannot be written does not keep the others from it. */
final class Writing {
    private final List<OutputException> failures = new ArrayList<>();

    /** Writes one, or remembers why not. */
    void attempt(Runnable output) {
        try {
            output.run();
        } catch (OutputException e) {
            failures.add(e);
        }
    }

    /**
     * Tells of what could not be written.
     *
     * @throws OutputException with 74 if that is anything
     */
    void finish() {
        if (!failures.isEmpty()) {
            String message = failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; "));
            throw new OutputException(failures.get(0).exitCode(), message, failures.get(0));
        }
    }
}
