package dev.flopscope.config;

/**
 * A file given to Flopscope (a config, a claims file, a token file) that cannot be used.
 *
 * <p>The message is one line that names the file, the key and the value. The program exits with 65.
 */
public final class BadDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says {@code message} of {@code source}, a file name or another name of where the data came from. */
    public BadDataException(String source, String message) {
        super(source + ": " + message);
    }

    /** The same, keeping what went wrong underneath for {@code --stacktrace}. */
    public BadDataException(String source, String message, Throwable cause) {
        super(source + ": " + message, cause);
    }
}
