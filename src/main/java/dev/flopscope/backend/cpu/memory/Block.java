package dev.flopscope.backend.cpu.memory;

import dev.flopscope.backend.Tensor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An operand of a product: {@code rows} rows of {@code columns} adjacent elements in the memory of an ND4J array, each row
 * {@code rowStride} elements after the one before.
 *
 * <p>An address and a stride are all that oneDNN needs. To make an ND4J array takes longer than many a product of a decoded
 * token, so it is made when an engine first asks for it, and kept.
 */
public sealed class Block implements Tensor permits Matrix {
    private final INDArray memory;
    private final long offset;
    private final long address;
    private final long rows;
    private final long columns;
    private final long rowStride;
    private final @Nullable Matrix whole;
    private volatile @Nullable INDArray array;

    /**
     * A view of {@code memory}, which is not checked.
     *
     * @param memory the array whose memory it is
     * @param start where the first element of that memory is
     * @param offset elements before the first of the block
     * @param whole the matrix that it is a block of, which begins where the memory does; null if it is none
     */
    Block(INDArray memory, long start, long offset, long rows, long columns, long rowStride, @Nullable Matrix whole) {
        this.memory = memory;
        this.offset = offset;
        this.address = start + offset * Float.BYTES;
        this.rows = rows;
        this.columns = columns;
        this.rowStride = rowStride;
        this.whole = whole;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long columns() {
        return columns;
    }

    /** Elements from one row to the next, at least {@link #columns}. */
    public long rowStride() {
        return rowStride;
    }

    /**
     * Copies adjacent elements of adjacent rows, each row cut into pieces.
     *
     * @param count how many rows from {@code firstRow} on
     * @param length how many elements of each from {@code firstColumn} on
     * @param pieces overwritten one after the other, from its beginning; what remains of a row that does not fill its last piece
     *     is left as it was
     * @throws IndexOutOfBoundsException if there are no such elements, or not enough pieces
     */
    public void read(long firstRow, int count, int firstColumn, int length, float[][] pieces) {
        Matrix owner = owner();
        if (owner == null
                || firstRow < 0
                || count < 0
                || count > rows - firstRow
                || firstColumn < 0
                || length > columns - firstColumn) {
            throw new IndexOutOfBoundsException("rows " + firstRow + " to " + (firstRow + count) + ", columns "
                    + firstColumn + " to " + (firstColumn + (long) length) + " of " + this);
        }
        int piece = 0;
        for (long row = firstRow; row < firstRow + count; row++) {
            piece = owner.readElements(offset + row * rowStride + firstColumn, length, pieces, piece);
        }
    }

    /** The matrix whose elements these are; null if there is none. */
    @Nullable
    Matrix owner() {
        return whole;
    }

    /** Where the first element is, for native code. */
    public long address() {
        return address;
    }

    /** The same elements as an ND4J array: no copy is made. */
    public INDArray array() {
        INDArray made = array;
        if (made == null) {
            made = rows == memory.rows() && columns == memory.columns() ? memory : makeView();
            array = made;
        }
        return made;
    }

    private INDArray makeView() {
        return Nd4j.create(
                memory.data(), new long[] {rows, columns}, new long[] {rowStride, 1}, offset, 'c', DataType.FLOAT);
    }

    @Override
    public String toString() {
        return rows + "×" + columns;
    }
}
