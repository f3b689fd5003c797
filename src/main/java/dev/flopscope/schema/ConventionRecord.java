package dev.flopscope.schema;

import java.math.BigInteger;
import java.util.List;

/**
 * A prompt by a convention that has a name.
 *
 * @param name the convention
 * @param counts what it counts, in words
 * @param training whether that is another thing than a forward pass
 * @param source who counts so
 * @param flops all FLOPs
 * @param terms what they are made of
 */
public record ConventionRecord(
        String name, String counts, boolean training, String source, BigInteger flops, List<Term> terms) {
    /** FLOPs of a kind of product, or of what others count and we do not. */
    public record Term(String term, BigInteger flops) {}
}
