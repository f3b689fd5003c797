package dev.flopscope.backend.cuda;

import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cuda.driver.Device;
import dev.flopscope.backend.cuda.driver.HostBuffer;
import java.util.Objects;
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
        read(tensor, row, 1, 0, Math.toIntExact(tensor.columns()), new float[][] {destination});
    }

    /** Copies once, with what lies between rows: each copy is waited for. */
    @Override
    public synchronized void read(
            Tensor tensor, long firstRow, int rows, int firstColumn, int columns, float[][] pieces) {
        CudaTensor source = CudaTensor.of(tensor);
        Objects.checkFromIndexSize(firstRow, (long) rows, source.rows());
        Objects.checkFromIndexSize(firstColumn, (long) columns, source.columns());
        if (rows == 0 || columns == 0) {
            return;
        }
        long bytes = ((rows - 1) * source.leading() + columns) * Float.BYTES;
        buffer.reserve(bytes);
        buffer.copyOut(source.row(firstRow) + (long) firstColumn * Float.BYTES, 0, bytes);
        int piece = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; ) {
                float[] destination = pieces[piece++];
                int some = Math.min(columns - column, destination.length);
                buffer.read((row * source.leading() + column) * Float.BYTES, destination, some);
                column += some;
            }
        }
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
