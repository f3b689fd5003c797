package dev.flopscope.observe;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Rows cut into pieces, each an array of its own: Java's compiler vectorises a loop over a few arrays at the same index, and not
 * one over several places of one array.
 */
final class Pieces {
    /** Elements of a piece; a row that is shorter is a piece of its own, which is no longer than it must be. */
    static final int LENGTH = 256;

    private static final int CACHE_LINE = 16;

    /** So many pairs of pieces are added up in float32 before their sum goes on in float64. */
    private static final int PAIRS_IN_FLOAT32 = 16;

    /** Groups of four rows that are added up in float32 before. */
    static final int ROUNDINGS_OF_SUMS = 16;

    /**
     * What that adds to the square of a sum's error, in ε² times the sum of squares: the roundings of the sum, of a pair and of the
     * products; and of sums of rows, of fours and of products with a factor.
     */
    static final int SQUARED_ROUNDINGS = PAIRS_IN_FLOAT32 + 2 + ROUNDINGS_OF_SUMS + 3;

    private Pieces() {}

    /** How many pieces so many elements have. */
    static int count(int elements) {
        return (elements + LENGTH - 1) / LENGTH;
    }

    /** An even number of pieces for a row of so many elements, all zeros; those behind the row stay so. */
    static float[][] of(int elements) {
        return new float[(count(elements) + 1) / 2 * 2][length(elements)];
    }

    /** A row in pieces, each element rounded to float32, and zeros behind it. */
    static float[][] of(int elements, IntToDoubleFunction element) {
        float[][] pieces = of(elements);
        for (int index = 0; index < elements; index++) {
            pieces[index / LENGTH][index % LENGTH] = (float) element.applyAsDouble(index);
        }
        return pieces;
    }

    /** A row in pieces, and zeros behind it. */
    static float[][] of(float[] row) {
        return of(row.length, index -> row[index]);
    }

    /** Makes all elements zeros. */
    static void clear(float[][] pieces) {
        for (float[] piece : pieces) {
            Arrays.fill(piece, 0);
        }
    }

    /** How long the pieces of a row of so many elements are. */
    static int length(int elements) {
        return Math.min(LENGTH, (elements + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
    }

    /**
     * The sum of the products of two rows.
     *
     * @param a has finite numbers where b has no more elements
     * @param fromA the first piece of it
     * @param b has zeros where it has no more elements
     * @param fromB the first piece of it
     * @param pieces how many; where that is odd, one more is added up
     * @param sums for sums, zeros before and after
     */
    static double dot(float[][] a, int fromA, float[][] b, int fromB, int pieces, float[] sums) {
        double all = 0;
        int pairs = 0;
        for (int piece = 0; piece < pieces; piece += 2) {
            addProducts(a[fromA + piece], b[fromB + piece], a[fromA + piece + 1], b[fromB + piece + 1], sums);
            if (++pairs == PAIRS_IN_FLOAT32) {
                all += empty(sums);
                pairs = 0;
            }
        }
        return all + empty(sums);
    }

    private static void addProducts(float[] a, float[] ofA, float[] b, float[] ofB, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += a[i] * ofA[i] + b[i] * ofB[i];
        }
    }

    /** Adds a row in pieces to so many elements from {@code first} on. */
    static void addTo(double[] elements, int first, int count, float[][] pieces) {
        for (int piece = 0; piece * LENGTH < count; piece++) {
            addTo(elements, first + piece * LENGTH, Math.min(LENGTH, count - piece * LENGTH), pieces[piece]);
        }
    }

    private static void addTo(double[] elements, int first, int count, float[] piece) {
        for (int index = 0; index < count; index++) {
            elements[first + index] += piece[index];
        }
    }

    /** Adds up, four sums at once, since each waits for its own last addition, and leaves zeros. */
    static double empty(float[] sums) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        for (int i = 0; i < sums.length; i += 4) {
            s0 += sums[i];
            s1 += sums[i + 1];
            s2 += sums[i + 2];
            s3 += sums[i + 3];
            sums[i] = 0;
            sums[i + 1] = 0;
            sums[i + 2] = 0;
            sums[i + 3] = 0;
        }
        return (s0 + s1) + (s2 + s3);
    }
}
