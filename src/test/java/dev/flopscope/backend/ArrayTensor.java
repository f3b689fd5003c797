package dev.flopscope.backend;

/** A matrix in a plain array of float64: element (r, c) is {@code data[offset + r·stride + c]}; views share the array. */
final class ArrayTensor implements Tensor {
    private final double[] data;
    private final int offset;
    private final int stride;
    private final long rows;
    private final long columns;

    private ArrayTensor(double[] data, int offset, int stride, long rows, long columns) {
        this.data = data;
        this.offset = offset;
        this.stride = stride;
        this.rows = rows;
        this.columns = columns;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long columns() {
        return columns;
    }

    static ArrayTensor zeros(long rows, long columns) {
        int size = Math.toIntExact(Math.multiplyExact(rows, columns));
        return new ArrayTensor(new double[size], 0, (int) columns, rows, columns);
    }

    static ArrayTensor of(Tensor tensor) {
        return (ArrayTensor) tensor;
    }

    double get(int row, int column) {
        return data[offset + row * stride + column];
    }

    void set(int row, int column, double value) {
        data[offset + row * stride + column] = value;
    }

    /** Some rows and columns, without a copy. */
    ArrayTensor block(int firstRow, int numRows, int firstColumn, int numColumns) {
        return new ArrayTensor(data, offset + firstRow * stride + firstColumn, stride, numRows, numColumns);
    }

    /** The same elements as {@code numRows} rows of {@code numColumns}; only of elements without gaps between them. */
    ArrayTensor reshaped(int numRows, int numColumns) {
        return new ArrayTensor(data, offset, numColumns, numRows, numColumns);
    }

    String extents() {
        return rows + "×" + columns;
    }
}
