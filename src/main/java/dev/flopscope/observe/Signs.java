package dev.flopscope.observe;

import dev.flopscope.count.MatmulSite;
import java.util.SplittableRandom;

/** Random factors of 1 and −1. */
final class Signs {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private Signs() {}

    /** Random numbers, always the same for one seed and one site. */
    static SplittableRandom random(long seed, MatmulSite site) {
        long place = (site.kind().label().hashCode() * 31L + site.layer()) * 1_000_003L + site.expert();
        return new SplittableRandom(seed * GOLDEN_GAMMA + place);
    }

    /** As many as {@code count}, always the same for one seed and one site. */
    static float[] of(long seed, MatmulSite site, int count) {
        SplittableRandom random = random(seed, site);
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

    /** Those of the first columns of a right operand. */
    static float[] ofColumns(int count) {
        float[] signs = new float[count];
        for (int column = 0; column < count; column++) {
            signs[column] = ofColumn(column);
        }
        return signs;
    }

    /** That of a column of a right operand, always the same: weights are made before it is known what they are for. */
    static float ofColumn(long column) {
        long mixed = (column + 1) * GOLDEN_GAMMA;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return (mixed ^ (mixed >>> 31)) < 0 ? -1 : 1;
    }
}
