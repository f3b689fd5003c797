package dev.flopscope.config;

/** Which library multiplies. */
public enum Engine {
    /** oneDNN: code generated for each shape, weights packed once. */
    ONEDNN("onednn"),
    /** The OpenBLAS that ND4J brings, through ND4J's own operation. */
    OPENBLAS("openblas"),
    /** cuBLAS, on an NVIDIA GPU. */
    CUDA("cuda");

    private final String label;

    Engine(String label) {
        this.label = label;
    }

    /** Its name on the command line and in reports. */
    public String label() {
        return label;
    }

    /** The algorithm of attention that suits it: tiles fit a processor's caches, and a GPU wants few large products. */
    public Attention.Algorithm attention() {
        return this == CUDA ? Attention.Algorithm.FULL : Attention.Algorithm.TILED;
    }

    @Override
    public String toString() {
        return label;
    }
}
