package dev.flopscope.backend.cpu;

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
import dev.flopscope.backend.cpu.PlannedAttention.Operands;
import dev.flopscope.backend.cpu.TiledAttention.Tile;
import dev.flopscope.backend.cpu.TiledAttention.Workspace;
import dev.flopscope.backend.cpu.kernel.CpuOperators;
import dev.flopscope.backend.cpu.kernel.HeadKeyValues;
import dev.flopscope.backend.cpu.kernel.OnlineSoftmax;
import dev.flopscope.backend.cpu.kernel.RotaryEmbedding;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Nd4jRuntime;
import dev.flopscope.backend.cpu.onednn.OneDnn;
import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.Engine;
import dev.flopscope.machine.Blas;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * This machine's processor: float32 matrices in the memory of ND4J arrays, products by oneDNN or by ND4J's OpenBLAS, and worker
 * threads for everything else.
 *
 * <p>The number of OpenBLAS's threads is global to the process: a second backend changes it for the first.
 */
public final class CpuBackend implements Backend {
    private final Nd4jRuntime runtime;
    private final ProductEngine engine;
    private final CpuOperators operators;

    private CpuBackend(Nd4jRuntime runtime, ProductEngine engine) {
        this.runtime = runtime;
        this.engine = engine;
        this.operators = new CpuOperators(runtime.workers(), engine.elementwise());
    }

    /**
     * Starts an engine.
     *
     * @param engine which library multiplies
     * @param threads threads of products and of everything between them, at least 1
     * @throws IllegalArgumentException if {@code threads} is less than 1
     * @throws UnsatisfiedLinkError if the library does not exist for this system
     */
    public static CpuBackend start(Engine engine, int threads) {
        Nd4jRuntime runtime = Nd4jRuntime.start(threads);
        try {
            return new CpuBackend(
                    runtime,
                    switch (engine) {
                        case ONEDNN -> new OneDnnEngine(runtime);
                        case OPENBLAS -> new Nd4jEngine(runtime.workers());
                        case CUDA, CUDA_TF32, CUDA_BF16 ->
                            throw new IllegalArgumentException("no engine of the processor: " + engine);
                    });
        } catch (RuntimeException | Error e) {
            runtime.close();
            throw e;
        }
    }

    /** The faster engine, oneDNN, if there is a library of it for this system; else ND4J's. */
    public static Engine best() {
        Nd4jRuntime.prepare();
        return OneDnn.isAvailable() ? Engine.ONEDNN : Engine.OPENBLAS;
    }

    /** Why the faster engine cannot be used, although this system has it; mostly nothing. */
    public static Optional<String> fault() {
        Nd4jRuntime.prepare();
        return OneDnn.fault();
    }

    @Override
    public Blas library() {
        return engine.library();
    }

    @Override
    public Clock clock() {
        return System::nanoTime;
    }

    @Override
    public Products products() {
        return engine.products();
    }

    @Override
    public void prepare(Consumer<Products> rehearsal) {
        engine.prepare(rehearsal);
    }

    /** How many things have been made that are made once, on all threads together: in a prepared pass there are no more. */
    long prepared() {
        return engine.prepared();
    }

    @Override
    public Operators operators() {
        return operators;
    }

    @Override
    public Allocator allocator() {
        return new MatrixAllocator(runtime);
    }

    @Override
    public TensorLoader loader(Allocator memory) {
        return engine.loader(own(memory));
    }

    private static MatrixAllocator own(Allocator memory) {
        if (memory instanceof MatrixAllocator allocator) {
            return allocator;
        }
        throw new IllegalArgumentException("not an allocator of this backend: " + memory);
    }

    @Override
    public Tensor view(Tensor tensor, long rows, long columns) {
        return Matrix.of(tensor).view(rows, columns);
    }

    @Override
    public void readRow(Tensor tensor, long row, float[] destination) {
        Matrix matrix = Matrix.of(tensor);
        matrix.readRow(row, destination, matrix.width());
    }

    @Override
    public OperandReader operands() {
        return new CpuOperandReader(runtime.workers());
    }

    @Override
    public RotaryTable rotary(int positions, int headDim, double[] frequencies, double amplitude) {
        return new RotaryEmbedding(positions, headDim, frequencies, amplitude);
    }

    @Override
    public KeyValues uncached(Tensor keys, Tensor values, Chunk chunk, AttentionConfig heads) {
        return HeadKeyValues.uncached(Matrix.of(keys), Matrix.of(values), chunk, heads);
    }

    @Override
    public KeyValues cache(int batch, AttentionConfig heads, int capacity, Allocator memory) {
        long rows = Math.multiplyExact((long) batch * heads.numKvHeads(), capacity);
        return HeadKeyValues.cache(
                own(memory).zeros(rows, heads.headDim()), own(memory).zeros(rows, heads.valueDim()), capacity, heads);
    }

    @Override
    public AttentionOperator attention(
            Attention algorithm,
            List<AttentionConfig> heads,
            Chunk largest,
            int positions,
            Allocator activations,
            Allocator scratch) {
        int mostHeads =
                heads.stream().mapToInt(AttentionConfig::headsPerKeyValue).max().orElseThrow();
        int mostSeen = heads.stream()
                .mapToInt(each -> Math.min(positions, each.window().orElse(OnlineSoftmax.NO_WINDOW)))
                .max()
                .orElseThrow();
        AttentionOperator several = algorithm.algorithm() == Attention.Algorithm.FULL
                ? new FullAttention(own(activations).zeros(largest.queries(), positions), operators)
                : tiled(
                        operands -> TiledAttention.tiles(algorithm, operands),
                        algorithm.queryTile(largest.queries()),
                        algorithm.keyTile(positions),
                        heads,
                        scratch);
        return new AttentionByQueries(
                () -> tiled(TiledAttention::ofOneQuery, mostHeads, mostSeen, heads, scratch), several);
    }

    private TiledAttention tiled(
            Function<Operands, List<Tile>> cut, int rows, int columns, List<AttentionConfig> heads, Allocator scratch) {
        return new TiledAttention(
                cut,
                engine,
                runtime.workers(),
                Workspace.ofWorkers(rows, columns, heads, own(scratch), engine.elementwise()));
    }

    @Override
    public MachineProbes probes(Allocator memory, long arrayBytes) {
        return new CpuProbes(engine, own(memory), arrayBytes);
    }

    @Override
    public void close() {
        runtime.close();
    }
}
