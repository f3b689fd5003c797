package dev.flopscope.backend.cpu.onednn;

import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.cpu.memory.Matrix;
import java.util.Arrays;

/** Fills panels of a packed weight (n, k) from its columns: a stripe is some adjacent columns, and has a part of every panel. */
final class StripeFiller {
    /** Columns of a stripe: with those of the largest models, about as much as a second-level cache holds. */
    private static final int HEIGHT = 16;

    private final int n;
    private final long k;
    private final int width;
    private final long height;

    /**
     * Fills nothing yet.
     *
     * @param rows n
     * @param columns k
     */
    StripeFiller(Panels panels, long rows, long columns) {
        this.n = Math.toIntExact(rows);
        this.k = columns;
        this.width = Math.toIntExact(panels.width());
        this.height = panels.height();
    }

    /** How many stripes there are. */
    long stripes() {
        return (height + HEIGHT - 1) / HEIGHT;
    }

    /**
     * Fills some stripes, and with zeros what the weight does not reach to. Several threads may fill different ones at once.
     *
     * @param source the columns
     * @param from the first stripe
     * @param to the stripe after the last
     * @param packed a row a panel; overwritten in these stripes
     */
    void fill(RowSource source, long from, long to, Matrix packed) {
        float[][] columns = new float[HEIGHT][n];
        float[] part = new float[HEIGHT * width];
        for (long stripe = from; stripe < to; stripe++) {
            long first = stripe * HEIGHT;
            int count = (int) Math.min(HEIGHT, height - first);
            for (int i = 0; i < count; i++) {
                if (first + i < k) {
                    source.fill(first + i, columns[i]);
                } else {
                    Arrays.fill(columns[i], 0);
                }
            }
            for (int panel = 0; panel < packed.rows(); panel++) {
                int begin = panel * width;
                int filled = Math.min(width, n - begin);
                if (filled < width) {
                    Arrays.fill(part, 0);
                }
                for (int i = 0; i < count; i++) {
                    System.arraycopy(columns[i], begin, part, i * width, filled);
                }
                packed.writeRow(panel, Math.toIntExact(first * width), part, 0, count * width);
            }
        }
    }
}
