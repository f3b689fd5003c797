package dev.flopscope.machine;

/** Which loop measures the ceiling of multiply-adds. */
public enum MultiplyAddLoop {
    /** Machine code with vectors of 512 bits. */
    AVX512("AVX-512 loop"),
    /** Machine code with vectors of 256 bits. */
    AVX2("AVX2 loop"),
    /** A kernel on a GPU. */
    CUDA("CUDA kernel"),
    /** A loop that Java's compiler makes vectors of, on every other processor; it stays below what the processor can do. */
    JAVA("Java loop");

    private final String label;

    MultiplyAddLoop(String label) {
        this.label = label;
    }

    /** The name in reports. */
    public String label() {
        return label;
    }

    /** Whether no product can be faster. */
    public boolean isBound() {
        return this != JAVA;
    }
}
