package dev.flopscope.peers;

import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.memory.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Flopscope's weights as buffers that other engines read in place, so that all run on the same bits and none needs a copy. */
final class SharedMemory {
    private SharedMemory() {}

    /**
     * The memory of a weight that lies row by row; valid as long as the weight.
     *
     * @throws IllegalArgumentException if its layout is an engine's own
     * @throws ArithmeticException if it is 2 GiB or more, which one NIO buffer cannot hold
     */
    static ByteBuffer of(Tensor weight) {
        Matrix matrix = Matrix.of(weight);
        int bytes = Math.toIntExact(Math.multiplyExact(matrix.rows() * matrix.columns(), (long) Float.BYTES));
        Pointer memory = matrix.array().data().pointer();
        return new BytePointer(memory).position(0).limit(bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Rows and columns. */
    static long[] shape(Tensor weight) {
        return new long[] {weight.rows(), weight.columns()};
    }
}
