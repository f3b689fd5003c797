package dev.flopscope.observe;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;
import java.util.Arrays;

/**
 * Some rows of a matrix added up with their factors, so that what is done with each sum costs a part of what it would with each
 * row.
 *
 * <p>Left operands, results and keys are all read here, so that HotSpot has one loop to compile before the first pass.
 */
final class GroupedRows {
    /** Columns that are read at once: a multiple of what a stretch of a weight has, and few enough for the first-level cache. */
    private static final int COLUMNS = 1024;

    /** A part of a matrix is worth a task of its own from so many elements on. */
    private static final int ELEMENTS_IN_PART = 1 << 16;

    private static final ThreadBuffers<Sums> SUMS = new ThreadBuffers<>(Sums::new);

    private final RowSample rows;
    private final int inSum;

    /**
     * Adds nothing up yet.
     *
     * @param rows which rows, with their factors
     * @param inSum how many groups of four are added up to one sum, at most {@link Pieces#ROUNDINGS_OF_SUMS}
     */
    GroupedRows(RowSample rows, int inSum) {
        this.rows = rows;
        this.inSum = inSum;
    }

    /** What is done with a sum. */
    @FunctionalInterface
    interface Use {
        /**
         * Is given some columns of a sum, by one of several threads.
         *
         * @param number which sum
         * @param first the first column
         * @param columns how many
         * @param sums the sums of these columns, which are the giver's
         */
        void add(int number, int first, int columns, Sums sums);
    }

    /** How many sums there are. */
    int count() {
        return (rows.groups() + inSum - 1) / inSum;
    }

    /** How many rows a sum has; the last may have fewer. */
    int rowsInSum() {
        return inSum * RowSample.ROWS;
    }

    /** The first row of a sum. */
    int first(int number) {
        return rows.first(number * inSum);
    }

    /** The last row of a sum. */
    int last(int number) {
        return rows.last(end(number) - 1);
    }

    private int end(int number) {
        return Math.min(rows.groups(), (number + 1) * inSum);
    }

    /**
     * Adds up, several sums at once, each by one thread.
     *
     * @param use given the sums
     * @return the length of the elements of each sum's rows
     */
    double[] addUp(OperandReader reader, Tensor matrix, Use use) {
        double[] lengths = new double[count()];
        int columns = Math.toIntExact(matrix.columns());
        int width = Math.min(columns, COLUMNS);
        int inPart = Math.max(1, ELEMENTS_IN_PART / (RowSample.ROWS * inSum * width));
        reader.share((count() + inPart - 1) / inPart, part -> {
            int end = (int) Math.min(count(), (part + 1) * inPart);
            for (int number = (int) part * inPart; number < end; number++) {
                lengths[number] = addUp(number, reader, matrix, use);
            }
        });
        return lengths;
    }

    private double addUp(int number, OperandReader reader, Tensor matrix, Use use) {
        int columns = (int) matrix.columns();
        Sums sums = SUMS.of(Math.min(columns, COLUMNS));
        double square = 0;
        for (int first = 0; first < columns; first += COLUMNS) {
            int some = Math.min(COLUMNS, columns - first);
            sums.clear();
            for (int group = number * inSum; group < end(number); group++) {
                sums.add(reader, matrix, rows, group, first, some);
            }
            use.add(number, first, some, sums);
            square += Pieces.empty(sums.squares);
        }
        return Math.sqrt(square + Float32Sums.lost((long) RowSample.ROWS * inSum * columns));
    }

    /** Sums of one thread, in {@link Pieces}. */
    static final class Sums {
        private final float[][] four;
        private final float[][] sum;
        private final float[] squares;
        private final float[] scratch;
        private final float[] factors = new float[RowSample.ROWS];

        Sums(int columns) {
            int length = Pieces.length(columns);
            this.four = new float[RowSample.ROWS * Pieces.count(columns)][length];
            this.sum = Pieces.of(columns);
            this.squares = new float[length];
            this.scratch = new float[length];
        }

        /** The sum, with finite numbers behind the last column where there are only such in the rows. */
        float[][] sum() {
            return sum;
        }

        /** Zeros, to be left as zeros. */
        float[] scratch() {
            return scratch;
        }

        private void clear() {
            Pieces.clear(sum);
            Arrays.fill(squares, 0);
            Arrays.fill(scratch, 0);
        }

        /** Adds some columns of a group of rows. */
        private void add(OperandReader reader, Tensor matrix, RowSample rows, int group, int first, int columns) {
            int count = rows.rows(group);
            reader.read(matrix, rows.first(group), count, first, columns, four);
            int pieces = Pieces.count(columns);
            for (int piece = count * pieces; piece < RowSample.ROWS * pieces; piece++) {
                Arrays.fill(four[piece], 0);
            }
            int inLast = columns - (pieces - 1) * Pieces.LENGTH;
            for (int row = 0; row < count && inLast < scratch.length; row++) {
                Arrays.fill(four[(row + 1) * pieces - 1], inLast, scratch.length, 0);
            }
            rows.factors(group, factors);
            for (int piece = 0; piece < pieces; piece++) {
                float[] a = four[piece];
                float[] b = four[pieces + piece];
                float[] c = four[2 * pieces + piece];
                float[] d = four[3 * pieces + piece];
                Float32Sums.addScaled(a, b, c, d, factors, sum[piece]);
                Float32Sums.addSquares(a, b, c, d, squares);
            }
        }
    }
}
