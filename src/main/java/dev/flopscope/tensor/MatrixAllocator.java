package dev.flopscope.tensor;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
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
public final class MatrixAllocator implements AutoCloseable {
    private static final long LARGEST_CHUNK_BYTES = 1L << 30;
    private static final int CACHE_LINE_FLOATS = 16;

    private final Nd4jRuntime runtime;
    private final List<FloatPointer> owned = new ArrayList<>();
    private long bytes;

    /** Allocates on a started ND4J. */
    public MatrixAllocator(Nd4jRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * A matrix whose contents are undefined until written.
     *
     * @throws OutOfMemoryError if the operating system refuses
     */
    public Matrix allocate(long rows, long columns) {
        long length = Math.multiplyExact(rows, columns);
        FloatPointer block = new FloatPointer(length + CACHE_LINE_FLOATS);
        owned.add(block);
        FloatPointer memory = block.getPointer(floatsToNextLine(block.address()));
        long size = Math.multiplyExact(length, Float.BYTES);
        bytes = Math.addExact(bytes, size);
        HugePages.advise(memory.address(), size);
        INDArray array = Nd4j.create(
                Nd4j.createBuffer(memory, length, DataType.FLOAT),
                new long[] {rows, columns},
                new long[] {columns, 1},
                0,
                'c',
                DataType.FLOAT);
        int rowsInChunk = rowsInChunk(rows, columns);
        return new Matrix(array, chunks(memory, rows, columns, rowsInChunk), rowsInChunk);
    }

    /** A matrix of zeros, written, and so touched, by all threads. */
    public Matrix allocateZeros(long rows, long columns) {
        Matrix matrix = allocate(rows, columns);
        float[] zeros = new float[matrix.columns()];
        runtime.workers().forRows(rows, (from, to) -> {
            for (long row = from; row < to; row++) {
                matrix.writeRow(row, zeros, zeros.length);
            }
        });
        return matrix;
    }

    /** The threads that fill what this allocates. */
    public Workers workers() {
        return runtime.workers();
    }

    /** Bytes given so far. */
    public long allocatedBytes() {
        return bytes;
    }

    /** Frees every matrix that this allocated; using one afterwards is an error that nothing catches. */
    @Override
    public void close() {
        owned.forEach(FloatPointer::close);
        owned.clear();
        bytes = 0;
    }

    /** A row that begins a cache line needs no vector load across two of them, if its length is a multiple too. */
    private static long floatsToNextLine(long address) {
        return Math.floorMod(-address / Float.BYTES, (long) CACHE_LINE_FLOATS);
    }

    private static int rowsInChunk(long rows, long columns) {
        long rowBytes = columns * Float.BYTES;
        return (int) Math.max(1, Math.min(rows, LARGEST_CHUNK_BYTES / rowBytes));
    }

    /**
     * The memory in pieces. Each has a pointer of its own: a position in a shared one is lost where it exceeds 2³¹ bytes.
     */
    private static FloatBuffer[] chunks(FloatPointer memory, long rows, long columns, int rowsInChunk) {
        List<FloatBuffer> chunks = new ArrayList<>();
        for (long row = 0; row < rows; row += rowsInChunk) {
            long length = (Math.min(rows, row + rowsInChunk) - row) * columns;
            FloatPointer piece = memory.getPointer(row * columns).capacity(length);
            chunks.add(piece.asBuffer());
        }
        return chunks.toArray(FloatBuffer[]::new);
    }
}
