package dev.flopscope.backend.cpu.memory;

import com.sun.jna.Function;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.RowSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Allocates matrices in native memory, frees them together, and knows how many bytes it gave.
 *
 * <p>ND4J's own allocation writes zeros over the memory on one thread: 26 s for GPT-2 XL's weights where first touches
 * are slow. This one touches nothing, so that whoever fills a matrix touches it first, on all threads.
 */
public final class MatrixAllocator implements Allocator {
    private static final int CACHE_LINE_FLOATS = 16;
    private static final int MADV_HUGEPAGE = 14;
    private static final long PAGE = 4096;
    private static final long WORTH_HUGE_PAGES = 4L << 20;

    private final Workers workers;
    private final List<Runnable> releases = new ArrayList<>();
    private long bytes;

    /** Allocates on a started ND4J. */
    public MatrixAllocator(Nd4jRuntime runtime) {
        this.workers = runtime.workers();
    }

    /**
     * A matrix whose contents are undefined until written.
     *
     * @throws OutOfMemoryError if the operating system refuses
     */
    public Matrix allocate(long rows, long columns) {
        long length = Math.multiplyExact(rows, columns);
        FloatPointer block = new FloatPointer(length + CACHE_LINE_FLOATS);
        releases.add(block::close);
        FloatPointer memory = block.getPointer(floatsToNextLine(block.address()));
        long size = Math.multiplyExact(length, Float.BYTES);
        bytes = Math.addExact(bytes, size);
        adviseHugePages(memory.address(), size);
        INDArray array = Nd4j.create(
                Nd4j.createBuffer(memory, length, DataType.FLOAT),
                new long[] {rows, columns},
                new long[] {columns, 1},
                0,
                'c',
                DataType.FLOAT);
        return new Matrix(array, memory, rows, columns);
    }

    @Override
    public Matrix zeros(long rows, long columns) {
        return filled(rows, columns, (row, values) -> Arrays.fill(values, 0f));
    }

    /** A matrix with what {@code source} says, written, and so touched, by all threads. */
    public Matrix filled(long rows, long columns, RowSource source) {
        Matrix matrix = allocate(rows, columns);
        fill(matrix, source);
        return matrix;
    }

    /** Writes what {@code source} says over every row, on all threads. */
    public void fill(Matrix matrix, RowSource source) {
        workers.forRows(matrix.rows(), (from, to) -> {
            float[] row = new float[matrix.width()];
            for (long i = from; i < to; i++) {
                source.fill(i, row);
                matrix.writeRow(i, row, row.length);
            }
        });
    }

    /**
     * {@code code} as a function that native code can call; empty where the system allows none.
     *
     * @param code machine code of this processor, at most 4 KiB
     */
    public Optional<Function> code(byte[] code) {
        Optional<CodePage> page = CodePage.map(code);
        page.ifPresent(mapped -> releases.add(mapped::unmap));
        return page.map(CodePage::function);
    }

    /** The threads that fill what this allocates. */
    public Workers workers() {
        return workers;
    }

    @Override
    public long allocatedBytes() {
        return bytes;
    }

    @Override
    public void close() {
        releases.forEach(Runnable::run);
        releases.clear();
        bytes = 0;
    }

    /** A row that begins a cache line needs no vector load across two of them, if its length is a multiple too. */
    private static long floatsToNextLine(long address) {
        return Math.floorMod(-address / Float.BYTES, (long) CACHE_LINE_FLOATS);
    }

    /**
     * Asks Linux to back the whole pages inside a range with 2 MiB pages; does nothing where that is not possible. Weights are
     * read once a pass, front to back; with 4 KiB pages the first touch of GPT-2 XL's 7.9 GiB is two million page faults.
     */
    private static void adviseHugePages(long address, long size) {
        if (!Platform.isLinux() || size < WORTH_HUGE_PAGES) {
            return;
        }
        long first = (address + PAGE - 1) / PAGE * PAGE;
        long length = (address + size) / PAGE * PAGE - first;
        // Advice that is refused costs speed only, so the answer does not matter.
        Function.getFunction("c", "madvise")
                .invokeInt(new Object[] {new Pointer(first), new NativeLong(length), MADV_HUGEPAGE});
    }
}
