package dev.flopscope.backend.cuda;

/** Takes what this backend gave out, and refuses what another did. */
final class Own {
    private Own() {}

    /**
     * What was given, as what it is here.
     *
     * @param what it should be, for the message, such as {@code a tensor}
     * @throws IllegalArgumentException if it is another backend's
     */
    static <T> T of(Class<T> type, Object given, String what) {
        if (type.isInstance(given)) {
            return type.cast(given);
        }
        throw new IllegalArgumentException("not " + what + " of this backend: " + given);
    }
}
