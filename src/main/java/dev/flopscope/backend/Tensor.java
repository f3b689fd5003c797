package dev.flopscope.backend;

/** A matrix of a backend. Only the backend that made it knows where its elements are and how they are laid out. */
public interface Tensor {
    /** Rows; of a weight [out, in], the width of what its product writes. */
    long rows();

    /** Columns; of a weight [out, in], the width of what its product reads. */
    long columns();

    /**
     * How many matrices of this shape there are, at equal distances in memory: 1 in most cases. A product of tensors of n
     * matrices is n products, each of the matrices of one number.
     */
    default long batch() {
        return 1;
    }

    /** How an element is stored. */
    default DataType type() {
        return DataType.FLOAT32;
    }

    /** Elements of one matrix, without what a layout may add to fill its blocks. */
    default long size() {
        return Math.multiplyExact(rows(), columns());
    }
}
