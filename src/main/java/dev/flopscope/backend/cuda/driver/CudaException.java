package dev.flopscope.backend.cuda.driver;

/** A function of the driver, of cuBLAS or of the compiler failed; the message says which, and how it names the error. */
public final class CudaException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Says {@code message}. */
    public CudaException(String message) {
        super(message);
    }
}
