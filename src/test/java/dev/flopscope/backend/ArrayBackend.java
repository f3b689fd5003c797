package dev.flopscope.backend;

import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.machine.Blas;
import dev.flopscope.machine.MultiplyAddLoop;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The boundary once more, in plain arrays of float64, loops and one thread. It shows what an engine must do, and that nothing
 * above the boundary assumes where memory lies or which thread works; and its passes are exact enough to hold others against.
 */
public final class ArrayBackend implements Backend {
    private static final int PROBED = 1 << 16;

    private final Products products = new ArrayProducts();

    /** All elements of a tensor, not rounded to float32. */
    public static double[][] values(Tensor tensor) {
        ArrayTensor array = ArrayTensor.of(tensor);
        double[][] values = new double[(int) array.rows()][(int) array.columns()];
        for (int row = 0; row < values.length; row++) {
            for (int column = 0; column < values[row].length; column++) {
                values[row][column] = array.get(row, column);
            }
        }
        return values;
    }

    @Override
    public Blas library() {
        return new Blas("loops", "1", "float64", 1);
    }

    @Override
    public Clock clock() {
        return System::nanoTime;
    }

    @Override
    public Products products() {
        return products;
    }

    @Override
    public void prepare(Consumer<Products> rehearsal) {
        rehearsal.accept(new ArrayProducts.Nothing());
    }

    @Override
    public Operators operators() {
        return new ArrayOperators();
    }

    @Override
    public Allocator allocator() {
        return new ArrayAllocator();
    }

    /** Counts; the garbage collector frees. */
    private static final class ArrayAllocator implements Allocator {
        private long bytes;

        @Override
        public Tensor zeros(long rows, long columns) {
            ArrayTensor zeros = ArrayTensor.zeros(rows, columns);
            bytes += zeros.size() * zeros.type().bytes();
            return zeros;
        }

        @Override
        public long allocatedBytes() {
            return bytes;
        }

        @Override
        public void close() {
            bytes = 0;
        }
    }

    @Override
    public TensorLoader loader(Allocator memory) {
        return new TensorLoader() {
            @Override
            public Tensor weight(long rows, long columns, RowSource source) {
                return table(rows, columns, source);
            }

            @Override
            public Tensor table(long rows, long columns, RowSource source) {
                ArrayTensor table = ArrayTensor.of(memory.zeros(rows, columns));
                float[] values = new float[(int) columns];
                for (int row = 0; row < rows; row++) {
                    source.fill(row, values);
                    for (int column = 0; column < columns; column++) {
                        table.set(row, column, values[column]);
                    }
                }
                return table;
            }

            @Override
            public void close() {
                // Rows are made one by one.
            }
        };
    }

    @Override
    public Tensor view(Tensor tensor, long rows, long columns) {
        if (Math.multiplyExact(rows, columns) > tensor.size()) {
            throw new IllegalArgumentException("a tensor of "
                    + ArrayTensor.of(tensor).extents() + " has no " + rows + "×" + columns + " elements");
        }
        return ArrayTensor.of(tensor).reshaped((int) rows, (int) columns);
    }

    @Override
    public void readRow(Tensor tensor, long row, float[] destination) {
        for (int column = 0; column < destination.length; column++) {
            destination[column] = (float) ArrayTensor.of(tensor).get((int) row, column);
        }
    }

    @Override
    public OperandReader operands() {
        throw new UnsupportedOperationException("float64 products are exact enough to hold others against");
    }

    @Override
    public RotaryTable rotary(int positions, int headDim, double[] frequencies, double amplitude) {
        return new ArrayOperators.Angles(
                positions, headDim, Arrays.stream(frequencies).boxed().toList(), amplitude);
    }

    @Override
    public KeyValues uncached(Tensor keys, Tensor values, Chunk chunk, AttentionConfig heads) {
        return new ArrayKeyValues(ArrayTensor.of(keys), ArrayTensor.of(values), chunk.queries());
    }

    @Override
    public KeyValues cache(int batch, AttentionConfig heads, int capacity, Allocator memory) {
        long rows = Math.multiplyExact((long) batch, capacity);
        return new ArrayKeyValues(
                ArrayTensor.of(memory.zeros(rows, heads.keyWidth())),
                ArrayTensor.of(memory.zeros(rows, heads.valueWidth())),
                capacity);
    }

    @Override
    public AttentionOperator attention(
            Attention algorithm,
            List<AttentionConfig> heads,
            Chunk largest,
            int positions,
            Allocator activations,
            Allocator scratch) {
        if (algorithm.algorithm() == Attention.Algorithm.FULL) {
            activations.zeros(largest.queries(), positions);
        }
        return new ArrayAttention(algorithm);
    }

    @Override
    public MachineProbes probes(Allocator memory, long arrayBytes) {
        return new ArrayProbes();
    }

    /** Some loops that take a while; nobody asks how fast they are, only that they can be asked. */
    private static final class ArrayProbes implements MachineProbes {
        @Override
        public MultiplyAdds multiplyAdds() {
            return new MultiplyAdds() {
                @Override
                public MultiplyAddLoop loop() {
                    return MultiplyAddLoop.JAVA;
                }

                @Override
                public double sample() {
                    return perSecond(2 * PROBED) / 1e9;
                }
            };
        }

        @Override
        public Probe read() {
            return () -> perSecond(arrayBytes());
        }

        @Override
        public Probe write() {
            return () -> perSecond(arrayBytes());
        }

        @Override
        public Probe triad() {
            return () -> perSecond(3 * arrayBytes());
        }

        @Override
        public long arrayBytes() {
            return (long) PROBED * Double.BYTES;
        }

        @Override
        public Probe tiles(MatmulShape scores, int heads) {
            return () -> perSecond(2 * PROBED) / 1e9;
        }

        private static double perSecond(long amount) {
            long start = System.nanoTime();
            double[] array = new double[PROBED];
            double sum = 0;
            for (int i = 0; i < PROBED; i++) {
                array[i] = 1.5 * i + sum;
                sum += array[i] * 0x1p-40;
            }
            long nanoseconds = Math.max(1, System.nanoTime() - start);
            return sum > 0 ? amount * 1e9 / nanoseconds : 0;
        }
    }

    @Override
    public void close() {
        // There are no threads to end.
    }
}
