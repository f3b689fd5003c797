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
    CUDA(Engine.ON_GPU, Engine.FLOAT32),
    /** The same; operands of products are rounded to TF32, which has 10 bits of a fraction instead of 23. */
    CUDA_TF32(Engine.ON_GPU, "tf32"),
    /** The same; operands of products are rounded to bfloat16, which has 7 bits of a fraction. */
    CUDA_BF16(Engine.ON_GPU, "bf16");

    private static final String FLOAT32 = "float32";
    private static final String ON_GPU = "cuda";

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

    /** The numbers that it multiplies: {@code float32}, {@code tf32} or {@code bf16}. */
    public String dtype() {
        return dtype;
    }

    /** Whether operands of products are rounded, although everything in memory is float32. */
    public boolean roundsOperands() {
        return !dtype.equals(FLOAT32);
    }

    /** Whether a GPU computes. */
    public boolean isOnGpu() {
        return label.equals(ON_GPU);
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
