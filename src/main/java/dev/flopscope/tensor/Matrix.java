package dev.flopscope.tensor;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A float32 matrix (rows, columns), row by row and without gaps, as an ND4J array and as rows that kernels read and write.
 *
 * <p>Rows go through {@code float[]} because that is where Java's compiler vectorises plain loops; the copy is of one row,
 * which the first-level cache holds.
 */
public final class Matrix implements Weight {
    private final INDArray array;
    private final long rows;
    private final int columns;
    private final int rowsInChunk;
    private final FloatBuffer[] chunks;

    /**
     * Wraps an array.
     *
     * @param array rank 2, C order, no gaps
     * @param chunks the same memory in pieces of {@code rowsInChunk} rows, since one NIO buffer holds less than 2³¹ floats
     */
    Matrix(INDArray array, FloatBuffer[] chunks, int rowsInChunk) {
        this.array = array;
        this.rows = array.rows();
        this.columns = array.columns();
        this.chunks = chunks.clone();
        this.rowsInChunk = rowsInChunk;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    /** The whole matrix as an operand of a product. */
    public INDArray array() {
        return array;
    }

    /** Where the first element is, for native code. */
    public long address() {
        return array.data().address();
    }

    /**
     * A view of a block as an operand of a product: no copy is made.
     *
     * @param firstRow its first row
     * @param blockRows how many rows
     * @param firstColumn its first column
     * @param blockColumns how many columns
     */
    public INDArray block(long firstRow, long blockRows, long firstColumn, long blockColumns) {
        return array.get(
                NDArrayIndex.interval(firstRow, firstRow + blockRows),
                NDArrayIndex.interval(firstColumn, firstColumn + blockColumns));
    }

    /**
     * A view of a stretch of one row as rows of their own, one after the other: no copy is made.
     *
     * @param row the row
     * @param firstColumn where in it the first begins
     * @param count how many
     * @param length elements of each
     */
    public INDArray rowsWithin(long row, long firstColumn, long count, long length) {
        return block(row, 1, firstColumn, count * length).reshape('c', true, count, length);
    }

    /**
     * Copies the first {@code length} elements of a row into {@code destination}.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or either side is shorter than {@code length}
     */
    public void readRow(long row, float[] destination, int length) {
        chunk(row, 0, length).get(offset(row), destination, 0, length);
    }

    /**
     * Copies the first {@code length} elements of {@code source} over those of a row; modifies the matrix.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or either side is shorter than {@code length}
     */
    public void writeRow(long row, float[] source, int length) {
        writeRow(row, 0, source, length);
    }

    /**
     * Copies the first {@code length} elements of {@code source} into a row from {@code firstColumn} on; modifies the
     * matrix.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or either side is too short
     */
    public void writeRow(long row, int firstColumn, float[] source, int length) {
        chunk(row, firstColumn, length).put(offset(row) + firstColumn, source, 0, length);
    }

    private FloatBuffer chunk(long row, int firstColumn, int length) {
        if (row < 0 || row >= rows || firstColumn < 0 || length > columns - firstColumn) {
            throw new IndexOutOfBoundsException("row " + row + ", columns " + firstColumn + " to "
                    + (firstColumn + (long) length) + " of " + rows + "×" + columns);
        }
        return chunks[(int) (row / rowsInChunk)];
    }

    private int offset(long row) {
        return (int) (row % rowsInChunk) * columns;
    }
}
