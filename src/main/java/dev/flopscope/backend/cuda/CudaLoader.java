package dev.flopscope.backend.cuda;

import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cuda.driver.Closing;
import dev.flopscope.backend.cuda.driver.Device;
import dev.flopscope.backend.cuda.driver.HostBuffer;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Makes parameters on the host, so that they are bit by bit those of the CPU's engines, and copies them to the device: while it
 * copies one stretch of rows, the next is made.
 */
final class CudaLoader implements TensorLoader {
    private static final long STRETCH_BYTES = 16L << 20;

    private final CudaAllocator memory;
    private final List<HostBuffer> buffers;
    private int turn;

    CudaLoader(Device device, CudaAllocator memory) {
        this.memory = memory;
        this.buffers = List.of(new HostBuffer(device), new HostBuffer(device));
    }

    @Override
    public Tensor weight(long rows, long columns, RowSource source) {
        return table(rows, columns, source);
    }

    @Override
    public Tensor table(long rows, long columns, RowSource source) {
        CudaTensor tensor = memory.tensor(rows, columns);
        long rowBytes = columns * Float.BYTES;
        long stretch = Math.max(1, STRETCH_BYTES / rowBytes);
        for (long first = 0; first < rows; first += stretch) {
            long count = Math.min(stretch, rows - first);
            HostBuffer buffer = buffers.get(turn);
            turn = (turn + 1) % buffers.size();
            buffer.await();
            buffer.reserve(count * rowBytes);
            fill(buffer, first, count, Math.toIntExact(columns), source);
            buffer.copyIn(0, tensor.row(first), count * rowBytes);
            buffer.mark();
        }
        return tensor;
    }

    /** Rows are made by all processors of the host. */
    private static void fill(HostBuffer buffer, long first, long count, int columns, RowSource source) {
        LongStream.range(0, count).parallel().forEach(row -> {
            float[] values = new float[columns];
            source.fill(first + row, values);
            buffer.write(row * columns * Float.BYTES, values, columns);
        });
    }

    @Override
    public void close() {
        Closing.all(buffers.stream().<Runnable>map(buffer -> buffer::close).toList());
    }
}
