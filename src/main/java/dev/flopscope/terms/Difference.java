package dev.flopscope.terms;

import java.util.List;
import java.util.stream.Stream;

/**
 * A way to say what tells a claimed polynomial from the true one.
 *
 * @param cost how much there is to say: the least is the nearest explanation
 * @param sentences what is wrong, one statement each, without a period
 */
record Difference(int cost, List<String> sentences) {
    /** One factor or one letter everywhere. */
    static final int EVERYWHERE = 15;

    /** How much dearer a factor of a whole is for being odd: that a part is missing says more than two thirds of the whole. */
    static final int ODDER = 3;

    /** One part, or parts that belong together. */
    static final int ONE_PART = 20;

    /** One term, or another term. */
    static final int TERM = 16;

    /** What it costs to speak of terms, which are less telling than parts. */
    static final int OF_TERMS = 9;

    /** Keeps a copy of the list. */
    Difference {
        sentences = List.copyOf(sentences);
    }

    static Difference of(int cost, String sentence) {
        return new Difference(cost, List.of(sentence));
    }

    Difference and(Difference other) {
        return new Difference(
                cost + other.cost,
                Stream.concat(sentences.stream(), other.sentences.stream()).toList());
    }
}
