package dev.flopscope.observe;

import java.util.List;

/**
 * What a product's right operand (k, n) is held to: sums of its columns. Of a weight, whose rows are these columns, they are known
 * since it was made; {@link RightHandReader} reads those of others.
 */
record RightHandSums(List<Stretch> stretches) {
    /** Columns of a stretch; the last may have fewer. */
    static final int STRETCH = 2 * Pieces.LENGTH;

    /** Keeps a copy. */
    RightHandSums {
        stretches = List.copyOf(stretches);
    }

    /** How many stretches so many columns have. */
    static int count(int columns) {
        return (columns + STRETCH - 1) / STRETCH;
    }

    /** How many columns a stretch has. */
    static int columns(int stretch, int ofAll) {
        return Math.min(STRETCH, ofAll - stretch * STRETCH);
    }

    /** Adjacent columns. A wide result is checked stretch by stretch, since what roundings explain grows with the width. */
    static final class Stretch {
        private final int columns;
        private final float[][] signed;
        private final double scale;

        /**
         * Of these columns.
         *
         * @param signed their sum B·r, each with its {@link Signs#ofColumn sign}
         * @param square the sum of the squares of their elements
         */
        Stretch(int columns, double[] signed, double square) {
            this.columns = columns;
            this.signed = Pieces.of(signed.length, row -> signed[row]);
            double both = square + Float32Sums.lost((long) columns * signed.length);
            for (double sum : signed) {
                both += sum * sum;
            }
            this.scale = Math.sqrt(both);
        }

        /** How many columns. */
        int columns() {
            return columns;
        }

        /** Their sum, each with its sign: k elements in {@link Pieces}, zeros behind them. */
        float[][] signed() {
            return signed;
        }

        /** √(‖B‖² + ‖B·r‖²), with the length of all these elements and that of their sum. */
        double scale() {
            return scale;
        }
    }
}
