package dev.flopscope.backend.cpu.onednn;

import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.cpu.memory.Matrix;
import java.util.Arrays;

/**
 * Fills panels of packed weights, one after the other: a panel holds as many rows of the weight (n, k) as it is wide, turned around,
 * so that in its memory the elements of these rows in one column lie side by side. Rows are turned in squares, of which each row is
 * a cache line. For one thread.
 */
final class PanelFiller {
    /** Rows and columns of a square: a cache line of floats. */
    private static final int SIDE = 16;

    private final float[] row;
    private final float[][] rows;
    private final float[] square = new float[SIDE * SIDE];

    /**
     * Fills nothing yet.
     *
     * @param columns k
     * @param height k, filled up to whole blocks
     */
    PanelFiller(long columns, long height) {
        this.row = new float[Math.toIntExact(columns)];
        this.rows = new float[SIDE][Math.toIntExact(height)];
    }

    /**
     * Fills a panel with its rows of a weight, and with zeros where there are none.
     *
     * @param weight the rows
     * @param count n
     * @param panel its number
     * @param packed a row a panel; that panel's is overwritten
     */
    void fill(RowSource weight, long count, long panel, Matrix packed) {
        int height = rows[0].length;
        int width = packed.width() / height;
        for (int first = 0; first < width; first += SIDE) {
            for (int i = 0; i < SIDE; i++) {
                long number = panel * width + first + i;
                if (number < count) {
                    weight.fill(number, row);
                    System.arraycopy(row, 0, rows[i], 0, row.length);
                } else {
                    Arrays.fill(rows[i], 0);
                }
            }
            for (int column = 0; column < height; column += SIDE) {
                turn(column);
                for (int j = 0; j < SIDE; j++) {
                    packed.writeRow(panel, (column + j) * width + first, square, j * SIDE, SIDE);
                }
            }
        }
    }

    private void turn(int column) {
        for (int i = 0; i < SIDE; i++) {
            float[] from = rows[i];
            for (int j = 0; j < SIDE; j++) {
                square[j * SIDE + i] = from[column + j];
            }
        }
    }
}
