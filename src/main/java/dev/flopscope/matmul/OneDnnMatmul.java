package dev.flopscope.matmul;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.onednn.OneDnn;
import dev.flopscope.onednn.PackedWeight;
import dev.flopscope.onednn.Product;
import dev.flopscope.tensor.Weight;
import dev.flopscope.tensor.Workers;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.dnnl.dnnl_memory_desc;
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
    private static final long CHUNK_ROWS = 256;

    /** Products of fewer rows are left to oneDNN's own threads, which also share out columns. */
    private static final long FEWEST_ROWS_TO_SHARE = 64;

    private final OneDnn library;
    private final Workers workers;
    private volatile boolean sideBySide;
    private final ThreadLocal<Map<Lie, Product>> ready = ThreadLocal.withInitial(HashMap::new);

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
     * Multiplies by a loaded library.
     *
     * @param workers threads of a product that is not side by side with others
     */
    public OneDnnMatmul(OneDnn library, Workers workers) {
        this.library = library;
        this.workers = workers;
    }

    @Override
    public void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
        Operands.requireFitting(site, left, right, rightIs, result);
        boolean transposed = rightIs == Right.TRANSPOSED;
        long rightRow = right.stride(transposed ? 1 : 0);
        long rightColumn = right.stride(transposed ? 0 : 1);
        Lie lie = lie(left, rightRow, rightColumn, result);
        run(lie, left, Operands.address(right), () -> OneDnn.matrix(lie.k, lie.n, rightRow, rightColumn), result);
    }

    @Override
    public void project(MatmulSite site, INDArray left, Weight weight, INDArray result) {
        if (!(weight instanceof PackedWeight packed)) {
            Matmul.super.project(site, left, weight, result);
            return;
        }
        Operands.requireFitting(site, left, packed.columns(), packed.rows(), result);
        run(lie(left, 0, 0, result), left, packed.memory().address(), packed::layout, result);
    }

    private void run(Lie lie, INDArray left, long right, Supplier<dnnl_memory_desc> layout, INDArray result) {
        long from = Operands.address(left);
        long to = Operands.address(result);
        if (sideBySide || workers.threads() == 1) {
            product(lie.withRows(lie.m, 1), layout).multiply(from, right, to);
            return;
        }
        if (lie.m < FEWEST_ROWS_TO_SHARE) {
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

    private Product product(Lie lie, Supplier<dnnl_memory_desc> layout) {
        return ready.get()
                .computeIfAbsent(
                        lie,
                        missing -> new Product(
                                library,
                                lie.threads,
                                OneDnn.matrix(lie.m, lie.k, lie.leftRow, lie.leftColumn),
                                layout.get(),
                                OneDnn.matrix(lie.m, lie.n, lie.resultRow, lie.resultColumn)));
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
}
