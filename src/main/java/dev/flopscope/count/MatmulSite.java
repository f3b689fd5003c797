package dev.flopscope.count;

/**
 * One named place in one layer where a product happens.
 *
 * @param kind which product
 * @param layer the layer, from 0; {@link #NO_LAYER} for the LM head
 */
public record MatmulSite(MatmulKind kind, int layer) implements Comparable<MatmulSite> {
    /** The layer of a product that belongs to none. */
    public static final int NO_LAYER = -1;

    /**
     * Checks that the kind and the layer go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public MatmulSite {
        if (kind.inEveryLayer() ? layer < 0 : layer != NO_LAYER) {
            throw new IllegalArgumentException("no such site: kind=" + kind.label() + ", layer=" + layer);
        }
    }

    /** The LM head. */
    public static MatmulSite lmHead() {
        return new MatmulSite(MatmulKind.LM_HEAD, NO_LAYER);
    }

    /** {@code layers.7.ffn_gate}, or {@code lm_head}. */
    @Override
    public String toString() {
        return kind.inEveryLayer() ? "layers." + layer + "." + kind.label() : kind.label();
    }

    /** In the order of a pass: layer by layer, the LM head last. */
    @Override
    public int compareTo(MatmulSite other) {
        int byLayer = Integer.compareUnsigned(layer, other.layer);
        return byLayer != 0 ? byLayer : kind.compareTo(other.kind);
    }
}
