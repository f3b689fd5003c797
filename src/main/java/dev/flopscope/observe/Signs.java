package dev.flopscope.observe;

import dev.flopscope.count.MatmulSite;
import java.util.SplittableRandom;

/** Random factors of 1 and −1. */
final class Signs {
    private Signs() {}

    /** As many as {@code count}, always the same for one seed and one site. */
    static float[] of(long seed, MatmulSite site, int count) {
        long place = site.toString().hashCode();
        return of(new SplittableRandom(seed * 0x9E37_79B9_7F4A_7C15L + place), count);
    }

    /** The next {@code count}, a bit each. */
    static float[] of(SplittableRandom random, int count) {
        float[] signs = new float[count];
        long bits = 0;
        for (int index = 0; index < count; index++) {
            if (index % Long.SIZE == 0) {
                bits = random.nextLong();
            }
            signs[index] = (bits >> (index % Long.SIZE) & 1) == 0 ? 1 : -1;
        }
        return signs;
    }
}
