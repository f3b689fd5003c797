package dev.flopscope.backend.cuda;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cuda.driver.Device;
import dev.flopscope.backend.cuda.driver.HostBuffer;
import java.util.function.LongConsumer;

/** Copies rows between the device and the host, and waits for each. */
final class CudaReader implements OperandReader, AutoCloseable {
    private final HostBuffer buffer;

    CudaReader(Device device) {
        this.buffer = new HostBuffer(device);
    }

    /** Rows of matrices one by one can be read; a batch has more matrices than rows are numbered. */
    @Override
    public boolean isReadable(Tensor tensor) {
        return CudaTensor.of(tensor).batch() == 1;
    }

    /** Copies a whole row. */
    void readRow(Tensor tensor, long row, float[] destination) {
        readRow(tensor, row, 0, destination, Math.toIntExact(tensor.columns()));
    }

    @Override
    public synchronized void readRow(Tensor tensor, long row, int firstColumn, float[] destination, int count) {
        long bytes = (long) count * Float.BYTES;
        buffer.reserve(bytes);
        buffer.copyOut(CudaTensor.of(tensor).row(row) + (long) firstColumn * Float.BYTES, 0, bytes);
        buffer.read(0, destination, count);
    }

    /** All rows of a matrix without gaps, by one copy. */
    double[][] rows(CudaTensor matrix) {
        int columns = Math.toIntExact(matrix.columns());
        long bytes = matrix.size() * Float.BYTES;
        buffer.reserve(bytes);
        buffer.copyOut(matrix.pointer(), 0, bytes);
        double[][] rows = new double[Math.toIntExact(matrix.rows())][columns];
        float[] row = new float[columns];
        for (int r = 0; r < rows.length; r++) {
            buffer.read((long) r * columns * Float.BYTES, row, columns);
            for (int column = 0; column < columns; column++) {
                rows[r][column] = row[column];
            }
        }
        return rows;
    }

    @Override
    public synchronized void writeRow(Tensor tensor, long row, float[] source) {
        CudaTensor destination = CudaTensor.of(tensor);
        long bytes = destination.columns() * Float.BYTES;
        buffer.reserve(bytes);
        buffer.write(0, source, Math.toIntExact(destination.columns()));
        buffer.copyIn(0, destination.row(row), bytes);
        buffer.mark();
        buffer.await();
    }

    /** The host has nothing to share: the calling thread does all tasks. */
    @Override
    public void share(long tasks, LongConsumer task) {
        for (long number = 0; number < tasks; number++) {
            task.accept(number);
        }
    }

    @Override
    public void close() {
        buffer.close();
    }
}
