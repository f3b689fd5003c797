package dev.flopscope.text;

import java.util.SplittableRandom;

/** Token ids for passes whose content does not matter. */
public final class SeededTokens {
    private SeededTokens() {}

    /**
     * Pseudo-random ids.
     *
     * @param count how many
     * @param vocabSize V; ids are from 0 to V−1
     * @param seed decides them
     */
    public static int[] generate(int count, int vocabSize, long seed) {
        return new SplittableRandom(seed).ints(count, 0, vocabSize).toArray();
    }
}
