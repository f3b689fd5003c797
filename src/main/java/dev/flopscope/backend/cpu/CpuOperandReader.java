package dev.flopscope.backend.cpu;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.backend.cpu.memory.Workers;
import java.util.function.LongConsumer;

/** Reads matrices and blocks of them, which is everything but packed weights. */
record CpuOperandReader(Workers workers) implements OperandReader {
    @Override
    public boolean isReadable(Tensor tensor) {
        return tensor instanceof Block;
    }

    @Override
    public void read(Tensor tensor, long firstRow, int rows, int firstColumn, int columns, float[][] pieces) {
        if (!(tensor instanceof Block block)) {
            throw new IllegalArgumentException("rows of this layout cannot be read: " + tensor);
        }
        block.read(firstRow, rows, firstColumn, columns, pieces);
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
