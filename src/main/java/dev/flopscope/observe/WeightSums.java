package dev.flopscope.observe;

import java.util.List;

/** What is known of a weight (n, k) since it was made, from the rows that it was made of. */
record WeightSums(List<Stretch> stretches) {
    /** Keeps a copy. */
    WeightSums {
        stretches = List.copyOf(stretches);
    }

    /**
     * Adjacent rows of a weight, which are columns of what it is multiplied to. A wide result is checked stretch by stretch, since
     * what roundings explain grows with the width.
     */
    static final class Stretch {
        private final int first;
        private final int rows;
        private final float[][] signed;
        private final double scale;

        Stretch(int first, int rows, float[][] signed, double scale) {
            this.first = first;
            this.rows = rows;
            this.signed = signed;
            this.scale = scale;
        }

        /** The first row. */
        int first() {
            return first;
        }

        /** How many rows. */
        int rows() {
            return rows;
        }

        /** The sum r·B of the rows, each with its {@link Signs#ofRow sign}: k elements in {@link Pieces}, zeros behind them. */
        float[][] signed() {
            return signed;
        }

        /** √(‖B‖² + ‖r·B‖²), with the length of all these elements and that of their sum. */
        double scale() {
            return scale;
        }
    }
}
