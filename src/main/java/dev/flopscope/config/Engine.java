package dev.flopscope.config;

import java.util.Arrays;
import java.util.Optional;

/** Which library multiplies, and in which numbers. */
public enum Engine {
    /** oneDNN: code generated for each shape, weights packed once. */
    ONEDNN("onednn", Engine.FLOAT32),
    /** The OpenBLAS that ND4J brings, through ND4J's own operation. */
    OPENBLAS("openblas", Engine.FLOAT32),
    /** cuBLAS, on an NVIDIA GPU. */
    CUDA("cuda", Engine.FLOAT32),
    /** The same; operands of products are rounded to TF32, which has 10 bits of a fraction instead of 23. */
    CUDA_TF32("cuda", "tf32");

    private static final String FLOAT32 = "float32";

    private final String label;
    private final String dtype;

    Engine(String label, String dtype) {
        this.label = label;
        this.dtype = dtype;
    }

    /**
     * An engine by its name and the numbers that it multiplies.
     *
     * @return empty if there is none
     */
    public static Optional<Engine> of(String label, String dtype) {
        return Arrays.stream(values())
                .filter(engine -> engine.label.equals(label) && engine.dtype.equals(dtype))
                .findFirst();
    }

    /** The numbers that it multiplies: {@code float32} or {@code tf32}. */
    public String dtype() {
        return dtype;
    }

    /** Whether a GPU computes. */
    public boolean isOnGpu() {
        return this == CUDA || this == CUDA_TF32;
    }

    /** Its name on the command line and in reports. */
    public String label() {
        return label;
    }

    /** The algorithm of attention that suits it: tiles fit a processor's caches, and a GPU wants few large products. */
    public Attention.Algorithm attention() {
        return isOnGpu() ? Attention.Algorithm.FULL : Attention.Algorithm.TILED;
    }

    @Override
    public String toString() {
        return label;
    }
}
