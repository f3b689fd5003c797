package dev.flopscope.peers;

import dev.flopscope.tensor.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Flopscope's weights as buffers that other engines read in place, so that all run on the same bits and none needs a copy. */
final class SharedMemory {
    private SharedMemory() {}

    /**
     * The memory of a matrix, row by row; valid as long as the matrix.
     *
     * @throws ArithmeticException if it is 2 GiB or more, which one NIO buffer cannot hold
     */
    static ByteBuffer of(Matrix matrix) {
        int bytes = Math.toIntExact(Math.multiplyExact(matrix.rows() * matrix.columns(), (long) Float.BYTES));
        Pointer memory = matrix.array().data().pointer();
        return new BytePointer(memory).position(0).limit(bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Rows and columns. */
    static long[] shape(Matrix matrix) {
        return new long[] {matrix.rows(), matrix.columns()};
    }
}
