package dev.flopscope.compare;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Something that a saved result has times of: a whole pass, a kind of product, one site, or a step between products; or of
 * decoding the same.
 *
 * @param kind its name
 * @param layer its layer, if it is one site of a block
 * @param flops FLOPs counted in one pass; empty for what is no product
 * @param samples seconds in each repetition, at least one, none negative
 */
public record Timed(String kind, OptionalInt layer, OptionalLong flops, List<Double> samples) {
    /** What decoding as a whole is called, and what the names of its kinds begin with. */
    static final String DECODE = "decode";

    /** Keeps a copy. */
    public Timed {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(kind + " has no samples");
        }
    }

    /** The middle of the samples in seconds; of an even number, the mean of the middle two. */
    public double median() {
        double[] sorted = samples.stream().mapToDouble(x -> x).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Whether it is of decoding: {@code decode}, {@code decode q_proj}. */
    public boolean isOfDecoding() {
        return kind.equals(DECODE) || kind.startsWith(DECODE + " ");
    }

    /** Whether {@code other} is the same thing in another result. */
    boolean matches(Timed other) {
        return kind.equals(other.kind) && layer.equals(other.layer);
    }
}
