package dev.flopscope.time;

import java.util.Comparator;

/**
 * One operator in one layer.
 *
 * @param operator which operator
 * @param layer the layer, from 0; {@link dev.flopscope.count.MatmulSite#NO_LAYER} for the embedding and the final norm
 */
public record OperatorSite(Operator operator, int layer) implements Comparable<OperatorSite> {
    private static final Comparator<OperatorSite> ORDER =
            Comparator.comparing(OperatorSite::operator).thenComparing(OperatorSite::layer, Integer::compareUnsigned);

    /** Operator by operator, layer by layer, what is in no layer last. */
    @Override
    public int compareTo(OperatorSite other) {
        return ORDER.compare(this, other);
    }
}
