package dev.flopscope.machine;

import java.util.Locale;

/**
 * Products that meet the same limit, by their extents. An (m×k)·(k×n) product belongs to the first class whose rule holds:
 * vector, skinny, attention, large. Each product belongs to one.
 */
public enum ShapeClass {
    /** All extents are large: operands are reused often, and multiply-adds are the limit. */
    LARGE,
    /** An inner or a result width of at most {@value #WIDEST_HEAD}, as a head has: little work for each element of a tile. */
    ATTENTION,
    /** At most {@value #MOST_FEW_ROWS} rows: what each element of the right operand is used for does not pay for fetching it. */
    SKINNY,
    /** An extent of 1: nothing of the largest operand is used twice, so its memory is the limit. Decoding is made of these. */
    VECTOR;

    /** Rows up to which a product is skinny: at 2 FLOPs a row and 4 bytes an element, 16 FLOPs a byte. */
    static final long MOST_FEW_ROWS = 32;

    /** The widest heads in use are of 256. */
    static final long WIDEST_HEAD = 256;

    /**
     * The class of a shape.
     *
     * @param m rows of the left operand and of the result
     * @param k the inner extent
     * @param n columns of the right operand and of the result
     * @throws IllegalArgumentException if an extent is less than 1
     */
    public static ShapeClass of(long m, long k, long n) {
        if (m < 1 || k < 1 || n < 1) {
            throw new IllegalArgumentException("extents must be at least 1: " + m + "×" + k + "×" + n);
        }
        if (m == 1 || k == 1 || n == 1) {
            return VECTOR;
        }
        if (m <= MOST_FEW_ROWS) {
            return SKINNY;
        }
        return Math.min(k, n) <= WIDEST_HEAD ? ATTENTION : LARGE;
    }

    /** The class in words, as reports have it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
