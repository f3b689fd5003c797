package dev.flopscope.matmul;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.onednn.OneDnn;
import dev.flopscope.onednn.PackedWeight;
import dev.flopscope.onednn.Panels;
import dev.flopscope.onednn.PlainProduct;
import dev.flopscope.onednn.Product;
import dev.flopscope.tensor.Weight;
import dev.flopscope.tensor.Workers;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products of ND4J's arrays by oneDNN, which generates code for each shape and reads weights from blocks packed once.
 *
 * <p>OpenBLAS packs both operands at every product. For a tile of attention, which is used once, and for a weight, which
 * never changes, that is time lost: README, "Engines", has the measurement.
 *
 * <p>A product of many rows is shared out by rows among the same threads as everything between products, one oneDNN
 * product a thread; oneDNN's own threads would spin on the cores that the kernels want next. A product of few rows, such as
 * a decoded token's, is shared out by columns, which packed weights hold in panels.
 */
public final class OneDnnMatmul implements Matmul {
    /** Rows that one thread takes at a time: several chunks a thread, each long enough to hide the reading of a weight. */
    private static final long CHUNK_ROWS = 256;

    /** Products of fewer rows are shared out by columns: what takes the time is reading the right operand. */
    private static final long FEWEST_ROWS_TO_SHARE = 64;

    /** Right operands of fewer elements are read faster than a second thread wakes up. */
    private static final long FEWEST_ELEMENTS_TO_SHARE = 1 << 15;

    /** Parts of columns for each thread, so that one that wakes up late takes fewer. */
    private static final long PARTS_PER_THREAD = 2;

    private final OneDnn library;
    private final Workers workers;
    private volatile boolean sideBySide;
    private final ThreadLocal<Map<Lie, Product>> ready = ThreadLocal.withInitial(HashMap::new);

    /** How the operands of a product lie in memory, and how many threads it uses. */
    private record Lie(
            long m,
            long k,
            long n,
            long leftRow,
            long leftColumn,
            Object right,
            long resultRow,
            long resultColumn,
            int threads) {
        Lie part(long rows, long columns, int sharing) {
            return new Lie(rows, k, columns, leftRow, leftColumn, right, resultRow, resultColumn, sharing);
        }
    }

    /** A right operand (k, n), of which some columns can be taken. */
    private sealed interface RightOperand {
        /** Where its column {@code first} begins, a multiple of {@link #step()}. */
        long address(long first);

        /** How {@code columns} of its columns lie. */
        dnnl_memory_desc layout(long columns);

        /** Columns that cannot be parted; all of them if none can. */
        long step();

        /** What tells its layout from others of the same extents. */
        Object kind();
    }

    private record Strided(long start, long k, long row, long column) implements RightOperand {
        /** A cache line of the result. */
        private static final long STEP = 16;

        @Override
        public long address(long first) {
            return start + first * column * Float.BYTES;
        }

        @Override
        public dnnl_memory_desc layout(long columns) {
            return OneDnn.matrix(k, columns, row, column);
        }

        @Override
        public long step() {
            return STEP;
        }

        @Override
        public Object kind() {
            return new Strided(0, 0, row, column);
        }
    }

    private record Packed(PackedWeight weight) implements RightOperand {
        @Override
        public long address(long first) {
            return weight.memory().address()
                    + weight.panels().map(panels -> panels.offset(first)).orElse(0L);
        }

        @Override
        public dnnl_memory_desc layout(long columns) {
            return columns == weight.rows()
                    ? weight.layout()
                    : weight.panels().orElseThrow().layout(weight.columns(), columns);
        }

        @Override
        public long step() {
            return weight.panels().map(Panels::width).orElse(weight.rows());
        }

        @Override
        public Object kind() {
            return weight.panels();
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
        if (result.size(0) < FEWEST_ROWS_TO_SHARE
                && rowMajor(left)
                && rowMajor(right)
                && rowMajor(result)
                && onOneThread()) {
            new PlainProduct(
                            result.size(0),
                            left.size(1),
                            result.size(1),
                            left.stride(0),
                            right.stride(0),
                            transposed,
                            result.stride(0))
                    .multiply(library, Operands.address(left), Operands.address(right), Operands.address(result));
            return;
        }
        Strided operand = new Strided(
                Operands.address(right),
                left.size(1),
                right.stride(transposed ? 1 : 0),
                right.stride(transposed ? 0 : 1));
        run(lie(left, operand, result), Operands.address(left), operand, Operands.address(result));
    }

    private static boolean rowMajor(INDArray matrix) {
        return matrix.stride(1) == 1 && matrix.stride(0) >= matrix.size(1);
    }

    private boolean onOneThread() {
        return sideBySide || workers.threads() == 1;
    }

    @Override
    public void project(MatmulSite site, INDArray left, Weight weight, INDArray result) {
        if (!(weight instanceof PackedWeight packed)) {
            Matmul.super.project(site, left, weight, result);
            return;
        }
        Operands.requireFitting(site, left, packed.columns(), packed.rows(), result);
        Packed operand = new Packed(packed);
        run(lie(left, operand, result), Operands.address(left), operand, Operands.address(result));
    }

    private void run(Lie lie, long left, RightOperand right, long result) {
        if (onOneThread() || (lie.m < FEWEST_ROWS_TO_SHARE && lie.k * lie.n < FEWEST_ELEMENTS_TO_SHARE)) {
            product(lie.part(lie.m, lie.n, 1), right).multiply(left, right.address(0), result);
        } else if (lie.m >= FEWEST_ROWS_TO_SHARE) {
            shareRows(lie, left, right, result);
        } else if (right.step() < lie.n) {
            shareColumns(lie, left, right, result);
        } else {
            product(lie.part(lie.m, lie.n, workers.threads()), right).multiply(left, right.address(0), result);
        }
    }

    private void shareRows(Lie lie, long left, RightOperand right, long result) {
        long chunk = Math.min(CHUNK_ROWS, ceilDiv(lie.m, workers.threads()));
        workers.forTasks(ceilDiv(lie.m, chunk), (worker, task) -> {
            long first = task * chunk;
            product(lie.part(Math.min(chunk, lie.m - first), lie.n, 1), right)
                    .multiply(
                            left + first * lie.leftRow * Float.BYTES,
                            right.address(0),
                            result + first * lie.resultRow * Float.BYTES);
        });
    }

    private void shareColumns(Lie lie, long left, RightOperand right, long result) {
        long steps = ceilDiv(lie.n, right.step());
        long part = ceilDiv(steps, workers.threads() * PARTS_PER_THREAD) * right.step();
        workers.forTasks(ceilDiv(lie.n, part), (worker, task) -> {
            long first = task * part;
            product(lie.part(lie.m, Math.min(part, lie.n - first), 1), right)
                    .multiply(left, right.address(first), result + first * lie.resultColumn * Float.BYTES);
        });
    }

    private static long ceilDiv(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    private Product product(Lie lie, RightOperand right) {
        return ready.get()
                .computeIfAbsent(
                        lie,
                        missing -> new Product(
                                library,
                                lie.threads,
                                OneDnn.matrix(lie.m, lie.k, lie.leftRow, lie.leftColumn),
                                right.layout(lie.n),
                                OneDnn.matrix(lie.m, lie.n, lie.resultRow, lie.resultColumn)));
    }

    private static Lie lie(INDArray left, RightOperand right, INDArray result) {
        return new Lie(
                left.size(0),
                left.size(1),
                result.size(1),
                left.stride(0),
                left.stride(1),
                right.kind(),
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
