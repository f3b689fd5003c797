package dev.flopscope.matmul;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Weight;
import dev.flopscope.tensor.WeightLayout;
import dev.flopscope.tensor.Workers;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products of ND4J's arrays by oneDNN, which generates code for each shape and reads weights from blocks packed once.
 *
 * <p>OpenBLAS packs both operands at every product. For a tile of attention, which is used once, and for a weight, which
 * never changes, that is time lost: README, "Engines", has the measurement.
 *
 * <p>A product of many rows is shared out by rows among the same threads as everything between products, one oneDNN
 * product a thread; oneDNN's own threads would spin on the cores that the kernels want next. Products of few rows, such as
 * a decoded token's, are oneDNN's to share out.
 */
public final class OneDnnMatmul implements Matmul {
    /** Rows that one thread takes at a time: several chunks a thread, each long enough to hide the reading of a weight. */
    private static final long CHUNK_ROWS = Long.getLong("chunk", 256);

    private final OneDnn library = new OneDnn();
    private final Workers workers;
    private volatile boolean sideBySide;
    private final ThreadLocal<Ready> ready = ThreadLocal.withInitial(Ready::new);

    /** What one thread has made ready: its stream, and a product for each way operands can lie. */
    private final class Ready {
        private final dnnl_stream stream = library.stream();
        private final Map<Lie, OneDnnProduct> products = new HashMap<>();
    }

    /** How the operands of a product lie in memory. Strides of the right operand are 0 if it is packed. */
    private record Lie(
            long m,
            long k,
            long n,
            long leftRow,
            long leftColumn,
            long rightRow,
            long rightColumn,
            long resultRow,
            long resultColumn,
            int threads) {
        Lie withRows(long rows, int threads) {
            return new Lie(rows, k, n, leftRow, leftColumn, rightRow, rightColumn, resultRow, resultColumn, threads);
        }
    }

    /**
     * Loads oneDNN.
     *
     * @param workers threads of a product that is not side by side with others
     * @throws UnsatisfiedLinkError if there is no oneDNN for this system
     */
    public OneDnnMatmul(Workers workers) {
        this.workers = workers;
    }

    /** Whether there is a oneDNN library for this system; loads it if so. */
    public static boolean isAvailable() {
        try {
            Loader.load(dnnl.class);
            return true;
        } catch (LinkageError e) {
            return false;
        }
    }

    /** The layout this engine's {@link #project} is fast with. Weights go to {@code memory}; {@code buffers} is closed. */
    public WeightLayout packing(MatrixAllocator memory, MatrixAllocator buffers) {
        library.useThreads(workers.threads());
        return new PackingLayout(library, memory, buffers);
    }

    @Override
    public void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
        Operands.requireFitting(site, left, right, rightIs, result);
        boolean transposed = rightIs == Right.TRANSPOSED;
        long rightRow = right.stride(transposed ? 1 : 0);
        long rightColumn = right.stride(transposed ? 0 : 1);
        Lie lie = lie(left, rightRow, rightColumn, result);
        run(lie, left, address(right), () -> OneDnn.matrix(lie.k, lie.n, rightRow, rightColumn), result);
    }

    @Override
    public void project(MatmulSite site, INDArray left, Weight weight, INDArray result) {
        if (!(weight instanceof PackedWeight packed)) {
            Matmul.super.project(site, left, weight, result);
            return;
        }
        Operands.requireFitting(site, left, packed.columns(), packed.rows(), result);
        run(lie(left, 0, 0, result), left, address(packed.memory().array()), packed::layout, result);
    }

    private void run(Lie lie, INDArray left, long right, Supplier<dnnl_memory_desc> layout, INDArray result) {
        long from = address(left);
        long to = address(result);
        if (sideBySide || workers.threads() == 1) {
            product(lie.withRows(lie.m, 1), layout).multiply(from, right, to);
            return;
        }
        if (lie.m < 64) {
            product(lie.withRows(lie.m, workers.threads()), layout).multiply(from, right, to);
            return;
        }
        long chunk = Math.min(CHUNK_ROWS, (lie.m + workers.threads() - 1) / workers.threads());
        long chunks = (lie.m + chunk - 1) / chunk;
        workers.forTasks(chunks, (worker, task) -> {
            long first = task * chunk;
            Lie part = lie.withRows(Math.min(chunk, lie.m - first), 1);
            product(part, layout)
                    .multiply(
                            from + first * lie.leftRow * Float.BYTES, right, to + first * lie.resultRow * Float.BYTES);
        });
    }

    private OneDnnProduct product(Lie lie, Supplier<dnnl_memory_desc> layout) {
        Ready mine = ready.get();
        OneDnnProduct product = mine.products.get(lie);
        if (product == null) {
            library.useThreads(lie.threads);
            product = new OneDnnProduct(
                    library,
                    mine.stream,
                    OneDnn.matrix(lie.m, lie.k, lie.leftRow, lie.leftColumn),
                    layout.get(),
                    OneDnn.matrix(lie.m, lie.n, lie.resultRow, lie.resultColumn));
            mine.products.put(lie, product);
        }
        return product;
    }

    private Lie lie(INDArray left, long rightRow, long rightColumn, INDArray result) {
        return new Lie(
                left.size(0),
                left.size(1),
                result.size(1),
                left.stride(0),
                left.stride(1),
                rightRow,
                rightColumn,
                result.stride(0),
                result.stride(1),
                1);
    }

    @Override
    public void sideBySide(int together, Runnable work) {
        sideBySide = true;
        try {
            work.run();
        } finally {
            sideBySide = false;
        }
    }

    /** Where the first element of an array is; a view's buffer begins where its owner's does, with an offset. */
    static long address(INDArray array) {
        return array.data().address() + Float.BYTES * array.data().offset();
    }
}
