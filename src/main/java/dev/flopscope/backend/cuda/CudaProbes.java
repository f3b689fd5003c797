package dev.flopscope.backend.cuda;

import dev.flopscope.backend.Clock;
import dev.flopscope.backend.MachineProbes;
import dev.flopscope.backend.Probe;
import dev.flopscope.backend.cuda.driver.Gemm;
import dev.flopscope.backend.cuda.driver.Kernel;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.machine.MultiplyAddLoop;

/** What a device reaches, measured by kernels of its own and timed by its own clock. */
final class CudaProbes implements MachineProbes {
    /** Chains of multiply-adds of a thread; so many are in {@code probes.cu}. */
    private static final int CHAINS = 16;

    private static final long ITERATIONS = 4096;
    private static final int VECTOR = 4;
    private static final int ARRAYS_OF_A_TRIAD = 3;
    private static final double GIGA = 1e9;

    private final CudaKernels kernels;
    private final Gemm gemm;
    private final Clock clock;
    private final CudaAllocator memory;
    private final long elements;
    private final CudaTensor sink;

    CudaProbes(CudaKernels kernels, Gemm gemm, Clock clock, CudaAllocator memory, long arrayBytes) {
        this.kernels = kernels;
        this.gemm = gemm;
        this.clock = clock;
        this.memory = memory;
        this.elements = Math.max(VECTOR, arrayBytes / Float.BYTES / VECTOR * VECTOR);
        this.sink = memory.tensor(1, (long) CudaKernels.THREADS * kernels.mostBlocks());
    }

    @Override
    public MultiplyAdds multiplyAdds() {
        return new MultiplyAdds() {
            @Override
            public MultiplyAddLoop loop() {
                return MultiplyAddLoop.CUDA;
            }

            @Override
            public double sample() {
                long nanoseconds = clock.nanoseconds(() -> kernels.probe("multiply_adds")
                        .with(sink.pointer())
                        .with(0.5f)
                        .with(ITERATIONS)
                        .launch(kernels.mostBlocks(), CudaKernels.THREADS));
                return 2.0 * CHAINS * ITERATIONS * CudaKernels.THREADS * kernels.mostBlocks() / nanoseconds;
            }
        };
    }

    @Override
    public Probe read() {
        CudaTensor array = array();
        return () -> bandwidth(
                1,
                () -> kernels.overElements(
                        kernels.probe("read_array")
                                .with(array.pointer())
                                .with(sink.pointer())
                                .with(elements),
                        elements / VECTOR));
    }

    @Override
    public Probe write() {
        CudaTensor array = array();
        return () -> bandwidth(
                1,
                () -> kernels.overElements(
                        kernels.probe("write_array")
                                .with(array.pointer())
                                .with(1f)
                                .with(elements),
                        elements / VECTOR));
    }

    @Override
    public Probe triad() {
        CudaTensor a = array();
        CudaTensor b = array();
        CudaTensor c = array();
        return () -> bandwidth(ARRAYS_OF_A_TRIAD, () -> {
            Kernel triad = kernels.probe("triad")
                    .with(a.pointer())
                    .with(b.pointer())
                    .with(0.5f)
                    .with(c.pointer())
                    .with(elements);
            kernels.overElements(triad, elements / VECTOR);
        });
    }

    private CudaTensor array() {
        return CudaTensor.of(memory.zeros(1, elements));
    }

    private double bandwidth(int arrays, Runnable work) {
        return arrays * (double) arrayBytes() * GIGA / clock.nanoseconds(work);
    }

    @Override
    public long arrayBytes() {
        return elements * Float.BYTES;
    }

    @Override
    public Probe tiles(MatmulShape shape, int heads) {
        int batch = Math.max(1, heads);
        CudaTensor q = tiles(batch, shape.m(), shape.k());
        CudaTensor k = tiles(batch, shape.n(), shape.k());
        CudaTensor scores = tiles(batch, shape.m(), shape.n());
        CudaTensor output = tiles(batch, shape.m(), shape.k());
        return () -> Math.max(
                rate(shape, batch, () -> gemm.multiply(q.operand(), k.operand(), true, scores.operand())),
                rate(shape, batch, () -> gemm.multiply(scores.operand(), k.operand(), false, output.operand())));
    }

    private double rate(MatmulShape shape, int batch, Runnable products) {
        return (double) batch * shape.flops() / clock.nanoseconds(products);
    }

    private CudaTensor tiles(int batch, long rows, long columns) {
        CudaTensor all = CudaTensor.of(memory.zeros(batch * rows, columns));
        return CudaAttention.dense(all, batch, rows, columns);
    }
}
