package dev.flopscope.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.Rounding;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExponentialTest {
    private static final int ROW = 4096;

    /** Every 97th float32 of the range, some 20 million: enough to meet every exponent and every part of its step. */
    @Test
    void theRelativeErrorIsBelowThreeUnitRoundoffs() {
        double worst = Math.max(worstError(0, 88f), worstError(Float.floatToRawIntBits(-0f), -87f));

        assertThat(worst).isLessThan(3 * Rounding.UNIT);
        assertThat(worst).as("a float32 result cannot be exact everywhere").isGreaterThan(Rounding.UNIT / 2);
    }

    private static double worstError(int fromBits, float to) {
        double worst = 0;
        float[] arguments = new float[ROW];
        float[] scratch = new float[ROW];
        int last = Float.floatToRawIntBits(to);
        for (int bits = fromBits; bits <= last; bits += 97 * ROW) {
            for (int i = 0; i < ROW; i++) {
                arguments[i] = Float.intBitsToFloat(Math.min(bits + 97 * i, last));
            }
            float[] results = arguments.clone();
            FloatRows.exp(results, scratch, ROW);
            for (int i = 0; i < ROW; i++) {
                double exact = Math.exp(arguments[i]);
                worst = Math.max(worst, Math.abs(results[i] - exact) / exact);
            }
        }
        return worst;
    }

    /** Where n changes, r is largest; the worst of a polynomial is at the ends. */
    @Test
    void theErrorIsBoundedOnBothSidesOfEveryStep() {
        for (int n = -125; n <= 126; n++) {
            float step = (float) ((n + 0.5) * Math.log(2));
            float[] row = new float[401];
            float argument = step;
            for (int i = 0; i < 200; i++) {
                argument = Math.nextDown(argument);
            }
            for (int i = 0; i < row.length; i++) {
                row[i] = argument;
                argument = Math.nextUp(argument);
            }
            float[] arguments = row.clone();
            FloatRows.exp(row, new float[row.length], row.length);
            for (int i = 0; i < row.length; i++) {
                double exact = Math.exp(Math.max(-87.0, arguments[i]));
                assertThat(Math.abs(row[i] - exact) / exact).isLessThan(3 * Rounding.UNIT);
            }
        }
    }

    @Test
    void argumentsOutsideTheRangeAreClamped() {
        float[] results =
                exp(88f, 88.5f, 1e30f, Float.POSITIVE_INFINITY, -87f, -87.5f, -1e30f, Float.NEGATIVE_INFINITY);

        assertThat(results[0]).isFinite();
        assertThat(Arrays.copyOfRange(results, 0, 4)).containsOnly(results[0]);
        assertThat(results[4]).isGreaterThanOrEqualTo(Float.MIN_NORMAL);
        assertThat(Arrays.copyOfRange(results, 4, 8)).containsOnly(results[4]);
    }

    @Test
    void zeroGivesExactlyOne() {
        assertThat(exp(0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE)).containsOnly(1f);
    }

    /** Every NaN, not only Java's own: processors hand on the low bits of the NaN they were given. */
    @ParameterizedTest
    @ValueSource(ints = {0x7fc00000, 0xffc00000, 0x7fc00001, 0x7fc000ff, 0x7fc001ff, 0x7fffffff, 0xffffffff})
    void notANumberStaysNotANumber(int bits) {
        for (int length = 1; length <= 40; length++) {
            float[] row = new float[length];
            Arrays.fill(row, Float.intBitsToFloat(bits));
            FloatRows.exp(row, new float[length], length);
            for (float value : row) {
                assertThat(value).isNaN();
            }
        }
    }

    @Test
    void elementsBeyondTheLengthAreLeftAlone() {
        for (int length = 0; length < 40; length++) {
            float[] row = new float[40];
            Arrays.fill(row, 1f);
            FloatRows.exp(row, new float[40], length);
            assertThat(IntStream.range(0, 40).filter(i -> row[i] != 1f)).hasSize(length);
            for (int i = length; i < 40; i++) {
                assertThat(row[i]).isEqualTo(1f);
            }
        }
    }

    private static float[] exp(float... arguments) {
        float[] row = arguments.clone();
        FloatRows.exp(row, new float[row.length], row.length);
        return row;
    }
}
