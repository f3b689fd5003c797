package dev.flopscope.compare;

import dev.flopscope.profile.Statistics;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The times that a saved result has of one thing: of a whole phase, a kind of product, one site, or an operator between
 * products.
 *
 * @param kind its name
 * @param layer its layer, if it is one site of a block
 * @param flops FLOPs counted in one repetition; empty for what is no product
 * @param samples seconds in each repetition, at least one, none negative
 */
public record Series(String kind, OptionalInt layer, OptionalLong flops, List<Double> samples) {
    /** What decoding as a whole is called, and what the names of its kinds begin with. */
    static final String DECODE = "decode";

    /**
     * Keeps a copy.
     *
     * @throws IllegalArgumentException if there are no samples
     */
    public Series {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(kind + " has no samples");
        }
    }

    /** The median of the samples in seconds. */
    public double median() {
        return Statistics.median(samples);
    }

    /** Whether it is of decoding: {@code decode}, {@code decode q_proj}. */
    public boolean isOfDecoding() {
        return kind.equals(DECODE) || kind.startsWith(DECODE + " ");
    }

    /** Whether {@code other} is the same thing in another result. */
    boolean matches(Series other) {
        return kind.equals(other.kind) && layer.equals(other.layer);
    }
}
