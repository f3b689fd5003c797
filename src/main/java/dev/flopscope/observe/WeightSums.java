package dev.flopscope.observe;

/** What is known of a weight (n, k) since it was made, from the rows that it was made of. */
final class WeightSums {
    private final double[] lengths;
    private final double[] signed;

    /**
     * Keeps both.
     *
     * @param lengths the Euclidean length of each of its n rows
     * @param signed the sum of its rows, each with its {@link Signs#ofRow sign}: k elements
     */
    WeightSums(double[] lengths, double[] signed) {
        this.lengths = lengths;
        this.signed = signed;
    }

    /** The Euclidean length of each row. */
    double[] lengths() {
        return lengths;
    }

    /** The sum of the rows, each with its sign. */
    double[] signed() {
        return signed;
    }

    /** The length of all elements taken together. */
    double length() {
        double squares = 0;
        for (double length : lengths) {
            squares += length * length;
        }
        return Math.sqrt(squares);
    }
}
