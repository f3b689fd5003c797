package dev.flopscope.ceiling;

import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Workers;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * Reading, writing and the triad over three arrays in native memory, on all threads at once; in bytes a second.
 *
 * <p>Each goes through its arrays once a sample, row by row, by the copies that the kernels of a pass use: a row lies in a
 * thread's first-level cache while it is worked on. Where the arrays are larger than the caches, every row comes from
 * memory.
 */
final class MemoryProbes {
    /** A row is of 1 KiB: short enough that the triad's three streams overlap. With 8 KiB it reached half the bandwidth. */
    private static final int COLUMNS = 256;

    private static final float SCALE = 0.5f;

    private final Workers workers;
    private final long rows;
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final LongAdder sink = new LongAdder();

    /** Allocates the arrays and writes to all of them. */
    MemoryProbes(MatrixAllocator memory, long arrayBytes) {
        this.workers = memory.workers();
        this.rows = Math.max(1, arrayBytes / ((long) COLUMNS * Float.BYTES));
        this.a = Operands.matrix(memory, rows, COLUMNS);
        this.b = Operands.matrix(memory, rows, COLUMNS);
        this.c = Operands.matrix(memory, rows, COLUMNS);
    }

    /** Bytes of one array. */
    long arrayBytes() {
        return rows * COLUMNS * Float.BYTES;
    }

    double read() {
        return bytesPerSecond(1, (from, to) -> {
            float[] row = new float[COLUMNS];
            for (long i = from; i < to; i++) {
                b.readRow(i, row, COLUMNS);
                sink.add(Float.floatToRawIntBits(row[0]));
            }
        });
    }

    double write() {
        return bytesPerSecond(1, (from, to) -> {
            float[] row = new float[COLUMNS];
            Arrays.fill(row, SCALE);
            for (long i = from; i < to; i++) {
                a.writeRow(i, row, COLUMNS);
            }
        });
    }

    /** a = b + q·c. */
    double triad() {
        return bytesPerSecond(3, (from, to) -> {
            float[] sum = new float[COLUMNS];
            float[] factor = new float[COLUMNS];
            for (long i = from; i < to; i++) {
                b.readRow(i, sum, COLUMNS);
                c.readRow(i, factor, COLUMNS);
                addScaled(sum, factor);
                a.writeRow(i, sum, COLUMNS);
            }
        });
    }

    private static void addScaled(float[] sum, float[] factor) {
        for (int i = 0; i < COLUMNS; i++) {
            sum[i] += SCALE * factor[i];
        }
    }

    private double bytesPerSecond(int arrays, Workers.RowRange work) {
        long start = System.nanoTime();
        workers.forRows(rows, work);
        return 1e9 * arrays * arrayBytes() / (System.nanoTime() - start);
    }
}
