package dev.flopscope.time;

import java.util.Comparator;

/**
 * One step in one layer.
 *
 * @param step which step
 * @param layer the layer, from 0; {@link dev.flopscope.count.MatmulSite#NO_LAYER} for the embedding and the final norm
 */
public record StepSite(Step step, int layer) implements Comparable<StepSite> {
    private static final Comparator<StepSite> ORDER =
            Comparator.comparing(StepSite::step).thenComparing(StepSite::layer, Integer::compareUnsigned);

    /** Step by step, layer by layer, what is in no layer last. */
    @Override
    public int compareTo(StepSite other) {
        return ORDER.compare(this, other);
    }
}
