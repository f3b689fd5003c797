package dev.flopscope.cli;

import org.jspecify.annotations.Nullable;

/** An output that cannot be made, created or written. */
final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    OutputException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** 73 or 74; 70 if this Java cannot make it. */
    int exitCode() {
        return exitCode;
    }
}
