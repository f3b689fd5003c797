package dev.flopscope.count;

import java.util.Comparator;

/**
 * One named place in one layer where a product happens.
 *
 * @param kind which product
 * @param layer the layer, from 0; {@link #NO_LAYER} for the LM head
 * @param expert the expert of a mixture, from 0; {@link #NO_EXPERT} for a product that belongs to none
 */
public record MatmulSite(MatmulKind kind, int layer, int expert) implements Comparable<MatmulSite> {
    /** The layer of a product that belongs to none. */
    public static final int NO_LAYER = -1;

    /** The expert of a product that belongs to none. */
    public static final int NO_EXPERT = -1;

    private static final Comparator<MatmulSite> ORDER = Comparator.comparing(
                    MatmulSite::layer, Integer::compareUnsigned)
            .thenComparing(MatmulSite::expert, Integer::compareUnsigned)
            .thenComparing(MatmulSite::kind);

    /**
     * Checks that the kind, the layer and the expert go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public MatmulSite {
        if ((kind.inEveryLayer() ? layer < 0 : layer != NO_LAYER) || expert < NO_EXPERT) {
            throw new IllegalArgumentException(
                    "no such site: kind=" + kind.label() + ", layer=" + layer + ", expert=" + expert);
        }
    }

    /** A product that belongs to no expert. */
    public MatmulSite(MatmulKind kind, int layer) {
        this(kind, layer, NO_EXPERT);
    }

    /** The LM head. */
    public static MatmulSite lmHead() {
        return new MatmulSite(MatmulKind.LM_HEAD, NO_LAYER);
    }

    /** {@code layers.7.ffn_gate}, {@code layers.7.experts.3.ffn_gate}, or {@code lm_head}. */
    @Override
    public String toString() {
        String ofExpert = expert == NO_EXPERT ? "" : "experts." + expert + ".";
        return kind.inEveryLayer() ? "layers." + layer + "." + ofExpert + kind.label() : kind.label();
    }

    /** In the order of a pass: layer by layer, the products of experts first in a layer, the LM head last. */
    @Override
    public int compareTo(MatmulSite other) {
        return ORDER.compare(this, other);
    }
}
