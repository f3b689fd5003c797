package dev.flopscope.backend.cpu.onednn;

import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.cpu.memory.Matrix;
import java.util.Arrays;

/**
 * Fills panels of packed weights, one after the other: a panel holds as many rows of the weight (n, k) as it is wide, transposed,
 * so that in its memory the elements of these rows in one column lie side by side. oneDNN transposes them, since code of its kind
 * is fast from the first panel on. For one thread at a time.
 */
final class PanelFiller {
    /**
     * Floats between one row and the next. Rows of some pages exactly would all begin in the same set of a cache, which holds fewer
     * lines than there are rows.
     */
    private static final long GAP = 16;

    private final PanelCode code;
    private final Panels panels;
    private final float[] row;
    private final Matrix rows;

    /**
     * Fills nothing yet.
     *
     * @param columns k
     * @param rows where the rows of a panel are gathered: as many as it is wide, of {@link #bufferColumns} floats each
     */
    PanelFiller(PanelCode code, Panels panels, long columns, Matrix rows) {
        this.code = code;
        this.panels = panels;
        this.row = new float[Math.toIntExact(columns)];
        this.rows = rows;
    }

    /** Floats from one gathered row of k floats to the next. */
    static long bufferColumns(long columns) {
        return columns + GAP;
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
        long first = panel * panels.width();
        for (long i = 0; i < panels.width(); i++) {
            if (first + i < count) {
                weight.fill(first + i, row);
            } else {
                Arrays.fill(row, 0);
            }
            rows.writeRow(i, row, row.length);
        }
        code.transpose(panels, rows, row.length, packed.address() + panel * packed.columns() * Float.BYTES);
    }
}
