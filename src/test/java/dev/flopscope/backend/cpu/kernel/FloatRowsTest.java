package dev.flopscope.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Rounding;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FloatRowsTest {
    private static final int LONGEST = 70;

    @Test
    void sumsOfEveryLengthAreWithinTheBound() {
        for (int length = 0; length <= LONGEST; length++) {
            float[] row = random(length);
            double exact = 0;
            double magnitude = 0;
            for (int i = 0; i < length; i++) {
                exact += row[i];
                magnitude += Math.abs(row[i]);
            }
            assertThat((double) FloatRows.sum(row, length))
                    .isCloseTo(exact, within(Rounding.gamma(length) * magnitude));
        }
    }

    @Test
    void sumsOfSquaresOfEveryLengthAreWithinTheBound() {
        for (int length = 0; length <= LONGEST; length++) {
            float[] row = random(length);
            double exact = 0;
            for (int i = 0; i < length; i++) {
                exact += (double) row[i] * row[i];
            }
            assertThat((double) FloatRows.sumOfSquares(row, length))
                    .isCloseTo(exact, within(Rounding.gamma(length + 1) * exact));
        }
    }

    @Test
    void theLargestIsFoundWhereverItIs() {
        for (int length = 1; length <= LONGEST; length++) {
            for (int place = 0; place < length; place++) {
                float[] row = random(length);
                Arrays.fill(row, length, row.length, 100f); // beyond the length: must not be seen
                row[place] = 3f;
                assertThat(FloatRows.max(row, length)).isEqualTo(3f);
            }
        }
    }

    @Test
    void theLargestOfNegativesIsNegative() {
        assertThat(FloatRows.max(new float[] {-3, -2, -5, -7, -2.5f}, 5)).isEqualTo(-2f);
    }

    /** Longer than {@code length}, so that reading too far shows. */
    private static float[] random(int length) {
        SplittableRandom random = new SplittableRandom(length);
        float[] row = new float[LONGEST + 8];
        Arrays.fill(row, 1e6f);
        for (int i = 0; i < length; i++) {
            row[i] = (float) (2 * random.nextDouble() - 1);
        }
        return row;
    }
}
