package dev.flopscope.run;

/** A run that needs more memory than there is: found by the estimate, before anything is allocated. */
public final class DoesNotFitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is needed, what there is and what would fit. */
    public DoesNotFitException(String message) {
        super(message);
    }
}
