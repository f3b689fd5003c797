package dev.flopscope.backend;

/** Rows of a weight of which only columns can be had, one by one: all of it is kept in Java's heap. */
final class TransposedRows implements RowSource {
    /** Columns that are transposed together, so that whole cache lines are written. */
    private static final int TOGETHER = 16;

    private final float[][] rows;

    /**
     * Reads every column once.
     *
     * @param rows how many rows there are, and so the length of a column
     * @param columns how many columns there are
     * @param source the columns
     */
    TransposedRows(long rows, long columns, RowSource source) {
        int height = Math.toIntExact(rows);
        int width = Math.toIntExact(columns);
        this.rows = new float[height][width];
        float[][] read = new float[Math.min(TOGETHER, width)][height];
        for (int first = 0; first < width; first += TOGETHER) {
            int count = Math.min(TOGETHER, width - first);
            for (int i = 0; i < count; i++) {
                source.fill(first + i, read[i]);
            }
            for (int row = 0; row < height; row++) {
                for (int i = 0; i < count; i++) {
                    this.rows[row][first + i] = read[i][row];
                }
            }
        }
    }

    @Override
    public void fill(long row, float[] values) {
        System.arraycopy(rows[Math.toIntExact(row)], 0, values, 0, values.length);
    }
}
