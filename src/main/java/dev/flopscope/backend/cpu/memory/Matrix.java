package dev.flopscope.backend.cpu.memory;

import dev.flopscope.backend.Tensor;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A float32 matrix (rows, columns), row by row and without gaps, as an operand of products and as rows that operators read and
 * write.
 *
 * <p>Rows go through {@code float[]} because that is where Java's compiler vectorises plain loops; the copy is of one row,
 * which the first-level cache holds.
 */
public final class Matrix extends Block {
    private static final long LARGEST_CHUNK_BYTES = 1L << 30;

    private final INDArray memory;
    private final FloatPointer elements;
    private final int width;
    private final int rowsInChunk;
    /** The memory in pieces of {@code rowsInChunk} rows, since one NIO buffer holds less than 2³¹ floats. */
    private final FloatBuffer[] chunks;

    /**
     * The first elements of an array, row by row.
     *
     * @param memory an array without gaps, of at least as many elements
     * @param elements its elements
     */
    Matrix(INDArray memory, FloatPointer elements, long rows, long columns) {
        super(memory, elements.address(), 0, rows, columns, columns, null);
        this.memory = memory;
        this.elements = elements;
        this.width = Math.toIntExact(columns);
        this.rowsInChunk = (int) Math.max(1, Math.min(rows, LARGEST_CHUNK_BYTES / (columns * Float.BYTES)));
        this.chunks = new FloatBuffer[Math.toIntExact((rows + rowsInChunk - 1) / rowsInChunk)];
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            long row = (long) chunk * rowsInChunk;
            long length = (Math.min(rows, row + rowsInChunk) - row) * columns;
            // Each has a pointer of its own: a position in a shared one is lost where it exceeds 2³¹ bytes.
            chunks[chunk] = elements.getPointer(row * columns).capacity(length).asBuffer();
        }
    }

    /**
     * {@code tensor}, if rows of it can be read and written.
     *
     * @throws IllegalArgumentException if it is a packed weight, or another backend's
     */
    public static Matrix of(Tensor tensor) {
        if (tensor instanceof Matrix matrix) {
            return matrix;
        }
        throw new IllegalArgumentException("not a matrix of this backend, row by row: " + tensor);
    }

    /** Columns, which one Java array can hold. */
    public int width() {
        return width;
    }

    /**
     * A matrix of other extents over the first elements: no copy is made.
     *
     * @throws IllegalArgumentException if there are not as many elements
     */
    public Matrix view(long viewRows, long viewColumns) {
        if (viewRows < 1 || viewColumns < 1 || Math.multiplyExact(viewRows, viewColumns) > size()) {
            throw new IllegalArgumentException("no view " + viewRows + "×" + viewColumns + " of " + this);
        }
        return new Matrix(memory, elements, viewRows, viewColumns);
    }

    /**
     * A block as an operand of a product: no copy is made.
     *
     * @param firstRow its first row
     * @param blockRows how many rows
     * @param firstColumn its first column
     * @param blockColumns how many columns
     * @throws IndexOutOfBoundsException if it is not within the matrix
     */
    public Block block(long firstRow, long blockRows, long firstColumn, long blockColumns) {
        require(firstRow, blockRows, firstColumn, blockColumns);
        return new Block(
                memory, elements.address(), firstRow * width + firstColumn, blockRows, blockColumns, width, this);
    }

    /**
     * A stretch of one row as rows of their own, one after the other: no copy is made.
     *
     * @param row the row
     * @param firstColumn where in it the first begins
     * @param count how many
     * @param length elements of each
     * @throws IndexOutOfBoundsException if it is not within the row
     */
    public Block rowsWithin(long row, long firstColumn, long count, long length) {
        require(row, 1, firstColumn, count * length);
        return new Block(memory, elements.address(), row * width + firstColumn, count, length, length, this);
    }

    private void require(long firstRow, long blockRows, long firstColumn, long blockColumns) {
        if (firstRow < 0
                || blockRows < 1
                || blockRows > rows() - firstRow
                || firstColumn < 0
                || blockColumns < 1
                || blockColumns > width - firstColumn) {
            throw new IndexOutOfBoundsException("rows " + firstRow + " to " + (firstRow + blockRows) + ", columns "
                    + firstColumn + " to " + (firstColumn + blockColumns) + " of " + this);
        }
    }

    /**
     * Copies the first {@code length} elements of a row into {@code destination}.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or either side is shorter than {@code length}
     */
    public void readRow(long row, float[] destination, int length) {
        readRow(row, 0, destination, length);
    }

    /**
     * Copies {@code length} elements of a row, from {@code firstColumn} on, to the beginning of {@code destination}.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or either side is too short
     */
    public void readRow(long row, int firstColumn, float[] destination, int length) {
        chunk(row, firstColumn, length).get(offset(row) + firstColumn, destination, 0, length);
    }

    @Override
    Matrix owner() {
        return this;
    }

    /**
     * Copies elements of one row, cut into pieces.
     *
     * @param first elements of the matrix before the first
     * @param piece the first piece to be filled
     * @return the first that is not
     */
    int readElements(long first, int length, float[][] pieces, int piece) {
        // A division takes longer than to copy a short row, and most matrices have one chunk.
        long inChunk = (long) rowsInChunk * width;
        int number = chunks.length == 1 ? 0 : (int) (first / inChunk);
        FloatBuffer chunk = chunks[number];
        int from = (int) (first - number * inChunk);
        int end = from + length;
        int next = piece;
        while (from < end) {
            float[] destination = pieces[next++];
            int some = Math.min(end - from, destination.length);
            chunk.get(from, destination, 0, some);
            from += some;
        }
        return next;
    }

    /**
     * Copies the first {@code length} elements of {@code source} over those of a row; modifies the matrix.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or either side is shorter than {@code length}
     */
    public void writeRow(long row, float[] source, int length) {
        writeRow(row, 0, source, 0, length);
    }

    /**
     * Copies {@code length} elements of {@code source}, from {@code first} on, into a row from {@code firstColumn} on; modifies
     * the matrix.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or either side is too short
     */
    public void writeRow(long row, int firstColumn, float[] source, int first, int length) {
        chunk(row, firstColumn, length).put(offset(row) + firstColumn, source, first, length);
    }

    private FloatBuffer chunk(long row, int firstColumn, int length) {
        if (row < 0 || row >= rows() || firstColumn < 0 || length > width - firstColumn) {
            throw new IndexOutOfBoundsException(
                    "row " + row + ", columns " + firstColumn + " to " + (firstColumn + (long) length) + " of " + this);
        }
        return chunks[(int) (row / rowsInChunk)];
    }

    private int offset(long row) {
        return (int) (row % rowsInChunk) * width;
    }
}
