package dev.flopscope.observe;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;
import java.util.Arrays;

/**
 * Some rows of a matrix added up with their factors, so that what is done with each sum costs a part of what it would with each
 * row.
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
         * Is given some columns of a sum.
         *
         * @param number which sum
         * @param first the first column
         * @param columns how many
         * @param sum in pieces, with finite numbers behind the last column where there are only such in the rows
         * @param scratch zeros, to be left as zeros
         */
        void add(int number, int first, int columns, float[][] sum, float[] scratch);
    }

    /** How many sums there are. */
    int count() {
        return (rows.groups() + inSum - 1) / inSum;
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
     * @param lengths overwritten with the length of the elements of each sum's rows; empty if that is not wanted
     * @param use given the sums
     */
    void addUp(OperandReader reader, Tensor matrix, double[] lengths, Use use) {
        int columns = Math.toIntExact(matrix.columns());
        int width = Math.min(columns, COLUMNS);
        int inPart = Math.max(1, ELEMENTS_IN_PART / (RowSample.ROWS * inSum * width));
        reader.share((count() + inPart - 1) / inPart, part -> {
            Sums sums = SUMS.of(width);
            sums.clear();
            int end = (int) Math.min(count(), (part + 1) * inPart);
            for (int number = (int) part * inPart; number < end; number++) {
                double square = SignedRows.lost((long) RowSample.ROWS * inSum * columns);
                for (int first = 0; first < columns; first += COLUMNS) {
                    int some = Math.min(COLUMNS, columns - first);
                    for (int group = number * inSum; group < end(number); group++) {
                        sums.add(reader, matrix, rows, group, first, some, lengths.length > 0);
                    }
                    square += Pieces.empty(sums.squares);
                    use.add(number, first, some, sums.sum, sums.scratch);
                    sums.clear();
                }
                if (lengths.length > 0) {
                    lengths[number] = Math.sqrt(square);
                }
            }
        });
    }

    /** The sums of one thread. */
    private static final class Sums {
        private final float[][] four;
        private final float[][] sum;
        private final float[] squares;
        private final float[] scratch;
        private final float[] factors = new float[RowSample.ROWS];

        Sums(int columns) {
            int length = Pieces.length(columns);
            this.four = new float[RowSample.ROWS * Pieces.count(columns)][length];
            this.squares = new float[length];
            this.scratch = new float[length];
            this.sum = Pieces.of(columns);
        }

        /** Makes sums of what comes next, whatever was done before. */
        void clear() {
            for (float[] piece : sum) {
                Arrays.fill(piece, 0);
            }
            Arrays.fill(squares, 0);
            Arrays.fill(scratch, 0);
        }

        /** Adds some columns of a group of rows. */
        void add(
                OperandReader reader,
                Tensor matrix,
                RowSample rows,
                int group,
                int first,
                int columns,
                boolean squared) {
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
                if (squared) {
                    Float32Sums.addSquares(a, b, c, d, squares);
                }
            }
        }
    }
}
