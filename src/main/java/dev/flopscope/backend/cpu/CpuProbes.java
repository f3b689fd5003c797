package dev.flopscope.backend.cpu;

import dev.flopscope.backend.MachineProbes;
import dev.flopscope.backend.Probe;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Workers;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.machine.Cpu;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Work on all threads at once. Reading, writing and the triad go over three arrays in native memory.
 *
 * <p>Each goes through its arrays once a sample, row by row, by the copies that the operators of a pass use: a row lies in a
 * thread's first-level cache while it is worked on. Where the arrays are larger than the caches, every row comes from
 * memory.
 */
final class CpuProbes implements MachineProbes {
    /** A row is of 1 KiB: short enough that the triad's three streams overlap. With 8 KiB it reached half the bandwidth. */
    private static final int COLUMNS = 256;

    private static final float SCALE = 0.5f;
    private static final int PERIOD = 251;

    private final ProductEngine engine;
    private final MatrixAllocator memory;
    private final Workers workers;
    private final long rows;
    private final LongAdder sink = new LongAdder();
    private @Nullable Streams arrays;

    private record Streams(Matrix a, Matrix b, Matrix c) {}

    /** Allocates nothing until a probe needs it. */
    CpuProbes(ProductEngine engine, MatrixAllocator memory, long arrayBytes) {
        this.engine = engine;
        this.memory = memory;
        this.workers = memory.workers();
        this.rows = Math.max(1, arrayBytes / ((long) COLUMNS * Float.BYTES));
    }

    /**
     * A matrix whose rows are all the same values between −1 and 1, small and of both signs, since zeros cost less power, and
     * so might run faster, than real ones; written, and so touched, by all threads.
     */
    static Matrix matrix(MatrixAllocator memory, long rows, int columns) {
        float[] same = new float[columns];
        for (int column = 0; column < columns; column++) {
            same[column] = (column * 89 % PERIOD - PERIOD / 2) / (float) PERIOD;
        }
        return memory.filled(rows, columns, (row, values) -> System.arraycopy(same, 0, values, 0, columns));
    }

    private Streams arrays() {
        Streams made = arrays;
        if (made == null) {
            made = new Streams(
                    matrix(memory, rows, COLUMNS), matrix(memory, rows, COLUMNS), matrix(memory, rows, COLUMNS));
            arrays = made;
        }
        return made;
    }

    @Override
    public MultiplyAdds multiplyAdds() {
        return MultiplyAddProbe.of(memory, Cpu.detect());
    }

    @Override
    public Probe tiles(MatmulShape scores, int heads) {
        return new TileProbe(
                engine,
                engine.products(),
                memory,
                Math.toIntExact(scores.m()),
                Math.toIntExact(scores.n()),
                Math.toIntExact(scores.k()));
    }

    @Override
    public long arrayBytes() {
        return rows * COLUMNS * Float.BYTES;
    }

    @Override
    public Probe read() {
        Matrix b = arrays().b();
        return () -> bytesPerSecond(1, (from, to) -> {
            float[] row = new float[COLUMNS];
            for (long i = from; i < to; i++) {
                b.readRow(i, row, COLUMNS);
                sink.add(Float.floatToRawIntBits(row[0]));
            }
        });
    }

    @Override
    public Probe write() {
        Matrix a = arrays().a();
        return () -> bytesPerSecond(1, (from, to) -> {
            float[] row = new float[COLUMNS];
            Arrays.fill(row, SCALE);
            for (long i = from; i < to; i++) {
                a.writeRow(i, row, COLUMNS);
            }
        });
    }

    @Override
    public Probe triad() {
        Streams all = arrays();
        return () -> bytesPerSecond(3, (from, to) -> {
            float[] sum = new float[COLUMNS];
            float[] factor = new float[COLUMNS];
            for (long i = from; i < to; i++) {
                all.b().readRow(i, sum, COLUMNS);
                all.c().readRow(i, factor, COLUMNS);
                addScaled(sum, factor);
                all.a().writeRow(i, sum, COLUMNS);
            }
        });
    }

    private static void addScaled(float[] sum, float[] factor) {
        for (int i = 0; i < COLUMNS; i++) {
            sum[i] += SCALE * factor[i];
        }
    }

    private double bytesPerSecond(int arraysUsed, Workers.RowRange work) {
        long start = System.nanoTime();
        workers.forRows(rows, work);
        return 1e9 * arraysUsed * arrayBytes() / (System.nanoTime() - start);
    }
}
