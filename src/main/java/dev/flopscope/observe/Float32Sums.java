package dev.flopscope.observe;

import java.util.Arrays;

/** Sums in float32, column by column, in loops over a few arrays of a form that Java's compiler vectorises. */
final class Float32Sums {
    private Float32Sums() {}

    /** What the squares of so many numbers may have lost by underflow. */
    static double lost(long elements) {
        return elements * (double) Float.MIN_VALUE;
    }

    /** Adds four rows, each times its factor, to {@code sums}. */
    static void addScaled(float[] a, float[] b, float[] c, float[] d, float[] factors, float[] sums) {
        float ofA = factors[0];
        float ofB = factors[1];
        float ofC = factors[2];
        float ofD = factors[3];
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (a[i] * ofA + b[i] * ofB) + (c[i] * ofC + d[i] * ofD);
        }
    }

    /** Adds the squares of four rows to {@code sums}. */
    static void addSquares(float[] a, float[] b, float[] c, float[] d, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (a[i] * a[i] + b[i] * b[i]) + (c[i] * c[i] + d[i] * d[i]);
        }
    }

    /** Adds each of the sums {@code from} to one in float64, and leaves zeros. */
    static void empty(float[] from, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
        Arrays.fill(from, 0);
    }
}
