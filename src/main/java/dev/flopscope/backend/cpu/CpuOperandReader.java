package dev.flopscope.backend.cpu;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.Workers;
import java.util.function.LongConsumer;

/** Reads matrices and blocks of them, which is everything but packed weights. */
record CpuOperandReader(Workers workers) implements OperandReader {
    @Override
    public boolean isReadable(Tensor tensor) {
        return tensor instanceof Block;
    }

    @Override
    public void readRow(Tensor tensor, long row, int firstColumn, float[] destination, int length) {
        if (!(tensor instanceof Block block)) {
            throw new IllegalArgumentException("rows of this layout cannot be read: " + tensor);
        }
        block.readRow(row, firstColumn, destination, length);
    }

    @Override
    public void writeRow(Tensor tensor, long row, float[] source) {
        Matrix matrix = Matrix.of(tensor);
        matrix.writeRow(row, source, matrix.width());
    }

    @Override
    public void share(long tasks, LongConsumer task) {
        if (workers.isBusy()) {
            for (long number = 0; number < tasks; number++) {
                task.accept(number);
            }
        } else {
            workers.forTasks(tasks, (worker, number) -> task.accept(number));
        }
    }
}
