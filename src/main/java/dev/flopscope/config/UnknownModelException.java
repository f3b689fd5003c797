package dev.flopscope.config;

/** A model name that is neither shipped nor the path of a file: a usage error. */
public final class UnknownModelException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Names the model that was not found and those that would be. */
    public UnknownModelException(String name) {
        this(name, null);
    }

    UnknownModelException(String name, @org.jspecify.annotations.Nullable Throwable cause) {
        super(
                "unknown model '" + name + "': not one of " + String.join(", ", ModelCatalog.SHIPPED) + ", nor a file",
                cause);
    }
}
