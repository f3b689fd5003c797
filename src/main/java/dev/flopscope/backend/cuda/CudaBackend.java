package dev.flopscope.backend.cuda;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.AttentionOperator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Clock;
import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.MachineProbes;
import dev.flopscope.backend.OperandReader;
import dev.flopscope.backend.Operators;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.RotaryTable;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cuda.TiledCudaAttention.Room;
import dev.flopscope.backend.cuda.driver.Closing;
import dev.flopscope.backend.cuda.driver.Cuda;
import dev.flopscope.backend.cuda.driver.Device;
import dev.flopscope.backend.cuda.driver.Gemm;
import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.Engine;
import dev.flopscope.machine.Blas;
import dev.flopscope.machine.Gpu;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToLongFunction;

/**
 * The first NVIDIA GPU of this machine. Everything between uploads of weights and reading logits happens on the device, in one
 * stream; the host only asks for it.
 */
public final class CudaBackend implements Backend {
    /** What cuBLAS asks for on the largest devices. */
    private static final long WORKSPACE_BYTES = 32L << 20;
    /** How many bytes of scores are computed at once where there is room: more heads in a call keep more of the device at work. */
    private static final long SCORES_BYTES = 1L << 30;
    /** Of the memory that is free, the part that scores may take. */
    private static final long PART_FOR_SCORES = 8;

    /** Held, so that the libraries stay loaded. */
    @SuppressWarnings("UnusedVariable")
    private final Cuda cuda;

    private final Device device;
    private final Gpu gpu;
    private final Gemm gemm;
    private final CudaAllocator own;
    private final CudaKernels kernels;
    private final CudaReader reader;
    private final CudaOperators operators;
    private final CudaClock clock;
    private final Map<List<Object>, CudaRotary> angles = new HashMap<>();

    private CudaBackend(Engine engine, Cuda cuda, Device device, Gpu gpu, CudaAllocator own) {
        this.cuda = cuda;
        this.device = device;
        this.gpu = gpu;
        this.own = own;
        this.gemm = cuda.products(
                device,
                switch (engine) {
                    case CUDA_TF32 -> Gemm.Rounding.TF32;
                    case CUDA_BF16 -> Gemm.Rounding.BF16;
                    default -> Gemm.Rounding.NONE;
                },
                own.tensor(1, WORKSPACE_BYTES / Float.BYTES).pointer(),
                WORKSPACE_BYTES);
        this.kernels = new CudaKernels(device);
        this.reader = new CudaReader(device);
        this.clock = new CudaClock(device);
        this.operators = new CudaOperators(kernels, reader, clock);
    }

    /**
     * Starts the first GPU.
     *
     * @param engine in which numbers it multiplies
     * @throws UnsatisfiedLinkError if the driver or a library is not there; the message says what was looked for and where
     * @throws IllegalStateException if there is no GPU, or it does not do
     * @throws OutOfMemoryError if its memory is taken
     */
    public static CudaBackend start(Engine engine) {
        Cuda cuda = Cuda.load();
        Device device = cuda.open(0);
        CudaAllocator own = new CudaAllocator(device);
        try {
            return new CudaBackend(engine, cuda, device, gpu(cuda, device), own);
        } catch (RuntimeException | Error e) {
            Closing.because(e, List.of(own::close, device::close));
            throw e;
        }
    }

    private static Gpu gpu(Cuda cuda, Device device) {
        return new Gpu(
                device.name(),
                device.architecture(),
                device.multiprocessors(),
                device.totalBytes(),
                device.driverVersion(),
                cuda.compilerVersion(),
                cuda.devices());
    }

    /** The GPU. */
    @Override
    public Optional<Gpu> gpu() {
        return Optional.of(gpu);
    }

    /** All of the device's memory. */
    public long totalBytes() {
        return gpu.memoryBytes();
    }

    /** Of the device's memory, what is free. */
    public long freeBytes() {
        return device.freeBytes();
    }

    @Override
    public Blas library() {
        return new Blas("cuBLAS", gemm.version(), gpu.name() + " (" + gpu.architecture() + ")", 1);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Products products() {
        return new CudaProducts(gemm);
    }

    /** Compiles the kernels that the rehearsal meets, and has cuBLAS choose its own. */
    @Override
    public void prepare(Consumer<Products> rehearsal) {
        rehearsal.accept(products());
        device.synchronize();
    }

    @Override
    public Operators operators() {
        return operators;
    }

    @Override
    public Allocator allocator() {
        return new CudaAllocator(device);
    }

    @Override
    public TensorLoader loader(Allocator memory) {
        return new CudaLoader(device, CudaAllocator.of(memory));
    }

    @Override
    public Tensor view(Tensor tensor, long rows, long columns) {
        CudaTensor whole = CudaTensor.of(tensor);
        if (Math.multiplyExact(rows, columns) > whole.size()) {
            throw new IllegalArgumentException(
                    rows + "×" + columns + " is more than the " + whole.size() + " elements of the tensor");
        }
        return CudaTensor.dense(whole.pointer(), rows, columns);
    }

    @Override
    public void readRow(Tensor tensor, long row, float[] destination) {
        reader.readRow(tensor, row, destination);
    }

    @Override
    public OperandReader operands() {
        return reader;
    }

    /** Tables are kept until the backend is closed, and made once: a session asks for the same ones again and again. */
    @Override
    public RotaryTable rotary(int positions, int headDim, double[] frequencies, double amplitude) {
        List<Object> key = List.of(
                positions,
                headDim,
                amplitude,
                Arrays.stream(frequencies).boxed().toList());
        return angles.computeIfAbsent(key, missing -> table(positions, headDim, frequencies, amplitude));
    }

    private CudaRotary table(int positions, int headDim, double[] frequencies, double amplitude) {
        int columns = Math.max(1, frequencies.length);
        try (CudaLoader loader = new CudaLoader(device, own)) {
            CudaTensor cosines = table(loader, positions, columns, frequencies, angle -> amplitude * Math.cos(angle));
            CudaTensor sines = table(loader, positions, columns, frequencies, angle -> amplitude * Math.sin(angle));
            return new CudaRotary(cosines, sines, positions, headDim, frequencies.length);
        }
    }

    private static CudaTensor table(
            CudaLoader loader, int positions, int columns, double[] frequencies, DoubleUnaryOperator ofAngle) {
        return CudaTensor.of(loader.table(positions, columns, (position, values) -> {
            for (int pair = 0; pair < frequencies.length; pair++) {
                values[pair] = (float) ofAngle.applyAsDouble(position * frequencies[pair]);
            }
        }));
    }

    @Override
    public KeyValues uncached(Tensor keys, Tensor values, Chunk chunk, AttentionConfig heads) {
        return new CudaKeyValues(CudaTensor.of(keys), CudaTensor.of(values), chunk.queries());
    }

    @Override
    public KeyValues cache(int batch, AttentionConfig heads, int capacity, Allocator memory) {
        long rows = Math.multiplyExact((long) batch, capacity);
        return new CudaKeyValues(
                CudaTensor.of(memory.zeros(rows, heads.keyWidth())),
                CudaTensor.of(memory.zeros(rows, heads.valueWidth())),
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
        int most = (int) largest(heads, AttentionConfig::numHeads);
        CudaAttention one =
                new OneQueryCudaAttention(kernels, CudaAllocator.of(scratch).tensor(most, positions));
        CudaAttention several = algorithm.algorithm() == Attention.Algorithm.FULL
                ? whole(most, largest.queries(), positions, activations, scratch)
                : tiled(algorithm, heads, largest.queries(), positions, scratch);
        return (layer, config, sinks, chunk, queries, keyValues, output, context) -> (chunk.queries() == 1
                        ? one
                        : several)
                .attend(layer, config, sinks, chunk, queries, keyValues, output, context);
    }

    /** Scores of one head are among the activations; where more heads can be computed at once, they have room of their own. */
    private CudaAttention whole(int heads, int queries, int positions, Allocator activations, Allocator scratch) {
        CudaTensor ofOneHead = CudaTensor.of(activations.zeros(queries, positions));
        int fitting = heads(heads, (long) queries * positions);
        return new WholeCudaAttention(
                kernels,
                fitting == 1 ? ofOneHead : CudaAllocator.of(scratch).tensor((long) fitting * queries, positions));
    }

    private CudaAttention tiled(
            Attention algorithm, List<AttentionConfig> heads, int queries, int positions, Allocator scratch) {
        int rows = algorithm.queryTile(queries);
        int columns = algorithm.keyTile(positions);
        int valueDim = (int) largest(heads, AttentionConfig::valueDim);
        int fitting = heads(
                (int) largest(heads, AttentionConfig::numHeads), (long) rows * Math.addExact(columns, 2L * valueDim));
        return new TiledCudaAttention(
                kernels, algorithm, Room.of(fitting, rows, columns, valueDim, CudaAllocator.of(scratch)));
    }

    private static long largest(List<AttentionConfig> heads, ToLongFunction<AttentionConfig> extent) {
        return heads.stream().mapToLong(extent).max().orElseThrow();
    }

    /** How many heads are computed at once, of which each needs so many elements. */
    private int heads(int most, long elements) {
        long bytes = Math.min(SCORES_BYTES, freeBytes() / PART_FOR_SCORES);
        return (int) Math.max(1, Math.min(most, bytes / Math.multiplyExact(Float.BYTES, elements)));
    }

    @Override
    public MachineProbes probes(Allocator memory, long arrayBytes) {
        return new CudaProbes(kernels, gemm, clock, CudaAllocator.of(memory), arrayBytes);
    }

    @Override
    public void close() {
        Closing.all(List.of(
                device::synchronize,
                clock::close,
                reader::close,
                kernels::close,
                gemm::close,
                own::close,
                device::close));
    }
}
