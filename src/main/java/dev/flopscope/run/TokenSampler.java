package dev.flopscope.run;

import dev.flopscope.config.Decoding;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Chooses tokens by their logits, as {@link Decoding} says. */
final class TokenSampler {
    private final Decoding decoding;
    private final SplittableRandom random;

    TokenSampler(Decoding decoding) {
        this.decoding = decoding;
        this.random = new SplittableRandom(decoding.seed());
    }

    /** A token; of equally likely ones, the lower id counts as the likelier. */
    int choose(float[] logits) {
        if (decoding.temperature() == 0) {
            return likeliest(logits);
        }
        int[] ids = byLikelihood(logits);
        int kept = Math.min(decoding.topK().orElse(ids.length), ids.length);
        double[] weights = IntStream.range(0, kept)
                .mapToDouble(rank -> Math.exp(((double) logits[ids[rank]] - logits[ids[0]]) / decoding.temperature()))
                .toArray();
        return ids[draw(weights, nucleus(weights))];
    }

    private static int likeliest(float[] logits) {
        int likeliest = 0;
        for (int id = 1; id < logits.length; id++) {
            if (logits[id] > logits[likeliest]) {
                likeliest = id;
            }
        }
        return likeliest;
    }

    /** Ids in one array of longs, sorted by their logits: 128,000 boxed numbers would take longer than a small model's pass. */
    private static int[] byLikelihood(float[] logits) {
        long[] keys = new long[logits.length];
        for (int id = 0; id < keys.length; id++) {
            int bits = Float.floatToIntBits(logits[id]);
            int ascending = bits ^ (bits >> (Integer.SIZE - 1) & Integer.MAX_VALUE);
            keys[id] = (long) ~ascending << Integer.SIZE | id;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** How many of the likeliest tokens have the probability {@code topP} together. */
    private int nucleus(double[] weights) {
        double enough = decoding.topP() * Arrays.stream(weights).sum();
        double sum = 0;
        int number = 0;
        while (number < weights.length && (number == 0 || sum < enough)) {
            sum += weights[number++];
        }
        return number;
    }

    private int draw(double[] weights, int number) {
        double left = random.nextDouble() * Arrays.stream(weights, 0, number).sum();
        int rank = 0;
        while (rank < number - 1 && left >= weights[rank]) {
            left -= weights[rank++];
        }
        return rank;
    }
}
