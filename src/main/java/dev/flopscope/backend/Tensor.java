package dev.flopscope.backend;

/** A matrix of a backend. Only the backend that made it knows where its elements are and how they are laid out. */
public interface Tensor {
    /** Rows; of a weight [out, in], the width of what its product writes. */
    long rows();

    /** Columns; of a weight [out, in], the width of what its product reads. */
    long columns();

    /** How an element is stored. */
    default DataType type() {
        return DataType.FLOAT32;
    }

    /** Elements, without what a layout may add to fill its blocks. */
    default long size() {
        return Math.multiplyExact(rows(), columns());
    }
}
