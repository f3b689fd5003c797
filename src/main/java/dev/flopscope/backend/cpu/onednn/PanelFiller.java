package dev.flopscope.backend.cpu.onednn;

import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.cpu.memory.Matrix;
import java.util.Arrays;

/**
 * Fills panels of a packed weight, one after the other: a panel holds as many rows of the weight (n, k) as it is wide, turned around,
 * so that in its memory the elements of these rows in one column lie side by side. Rows are turned in squares, of which each row is
 * a cache line.
 */
final class PanelFiller {
    /** Rows and columns of a square: a cache line of floats. */
    private static final int SIDE = 16;

    private final Panels panels;
    private final long rows;
    private final int columns;
    private final Matrix packed;
    private final float[][] source;
    private final float[] square = new float[SIDE * SIDE];

    /**
     * Fills nothing yet.
     *
     * @param panels how the weight is packed
     * @param rows n
     * @param columns k
     * @param packed a row a panel; overwritten
     */
    PanelFiller(Panels panels, long rows, int columns, Matrix packed) {
        this.panels = panels;
        this.rows = rows;
        this.columns = columns;
        this.packed = packed;
        this.source = new float[SIDE][Math.toIntExact(panels.height())];
    }

    /** Fills a panel with its rows of {@code weight}, and with zeros where there are none. */
    void fill(long panel, RowSource weight) {
        float[] row = new float[columns];
        for (int first = 0; first < panels.width(); first += SIDE) {
            for (int i = 0; i < SIDE; i++) {
                long number = panel * panels.width() + first + i;
                if (number < rows) {
                    weight.fill(number, row);
                    System.arraycopy(row, 0, source[i], 0, columns);
                } else {
                    Arrays.fill(source[i], 0);
                }
            }
            turn(panel, first);
        }
    }

    private void turn(long panel, int first) {
        int width = Math.toIntExact(panels.width());
        for (int column = 0; column < panels.height(); column += SIDE) {
            for (int i = 0; i < SIDE; i++) {
                float[] row = source[i];
                for (int j = 0; j < SIDE; j++) {
                    square[j * SIDE + i] = row[column + j];
                }
            }
            for (int j = 0; j < SIDE; j++) {
                packed.writeRow(panel, (column + j) * width + first, square, j * SIDE, SIDE);
            }
        }
    }
}
