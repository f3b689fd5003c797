package dev.flopscope.backend.cpu;

import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Nd4jRuntime;
import dev.flopscope.backend.cpu.memory.Workers;
import dev.flopscope.backend.cpu.onednn.GeneratedCode;
import dev.flopscope.backend.cpu.onednn.OneDnn;
import dev.flopscope.backend.cpu.onednn.OneDnnElementwise;
import dev.flopscope.backend.cpu.onednn.PackedWeight;
import dev.flopscope.backend.cpu.onednn.PackingLoader;
import dev.flopscope.backend.cpu.onednn.PanelCode;
import dev.flopscope.backend.cpu.onednn.Panels;
import dev.flopscope.backend.cpu.onednn.PlainProduct;
import dev.flopscope.backend.cpu.onednn.Product;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.machine.Blas;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.bytedeco.dnnl.dnnl_memory_desc;

/**
 * Products by oneDNN, which generates code for each shape and reads weights from blocks packed once.
 *
 * <p>OpenBLAS packs both operands at every product. For a tile of attention, which is used once, and for a weight, which
 * never changes, that is time lost: src/site/markdown/engines.md has the measurement.
 *
 * <p>A product of many rows is shared out by rows among the same threads as everything between products, one oneDNN
 * product a thread; oneDNN's own threads would spin on the cores that the operators want next. A product of few rows, such as
 * a decoded token's, is shared out by columns, which packed weights hold in panels.
 */
final class OneDnnEngine implements ProductEngine {
    /** Rows that one thread takes at a time: several chunks a thread, each long enough to hide the reading of a weight. */
    private static final long CHUNK_ROWS = 256;

    /** Products of fewer rows are shared out by columns: what takes the time is reading the right operand. */
    private static final long FEWEST_ROWS_TO_SHARE = 64;

    /** Right operands of fewer elements are read faster than a second thread wakes up. */
    private static final long FEWEST_ELEMENTS_TO_SHARE = 1 << 15;

    /** Parts of columns for each thread, so that one that wakes up late takes fewer. */
    private static final long PARTS_PER_THREAD = 2;

    private final OneDnn library = new OneDnn();
    private final OneDnnElementwise elementwise = new OneDnnElementwise(library);
    private final PanelCode panelCode = new PanelCode(library);
    private final Nd4jRuntime runtime;
    private final Workers workers;
    private final GeneratedCode<ProductKey, Product> code = new GeneratedCode<>();
    private volatile boolean eachOnOneThread;
    private volatile boolean lengthsRecur = true;

    /** What code is generated for: the extents, how the operands lie in memory, and how many threads it uses. */
    private record ProductKey(long m, long k, long n, long leftRow, Object right, long resultRow, int threads) {}

    /**
     * A right operand (k, n), of which some columns can be taken.
     *
     * @param address where its first column begins
     * @param step columns that cannot be parted; all of them if none can
     * @param bytesOfColumn from one column to the next, where a step begins
     * @param kind what tells its layout from others of the same extents
     * @param layout how some of its columns lie, for a number of columns
     */
    private record RightOperand(
            long address, long step, long bytesOfColumn, Object kind, LongFunction<dnnl_memory_desc> layout) {
        /** A cache line of the result. */
        private static final long STRIDED_STEP = 16;

        private record Strides(long row, long column) {}

        static RightOperand strided(Block block, boolean transposed) {
            Strides strides = transposed ? new Strides(1, block.rowStride()) : new Strides(block.rowStride(), 1);
            long k = transposed ? block.columns() : block.rows();
            return new RightOperand(
                    block.address(),
                    STRIDED_STEP,
                    strides.column * Float.BYTES,
                    strides,
                    columns -> OneDnn.matrix(k, columns, strides.row, strides.column));
        }

        static RightOperand packed(PackedWeight weight) {
            return new RightOperand(
                    weight.memory().address(),
                    weight.panels().map(Panels::width).orElse(weight.rows()),
                    weight.panels().map(Panels::bytesOfColumn).orElse(0L),
                    weight.panels(),
                    weight::layout);
        }
    }

    /** A product cut into parts of {@code size} rows or columns, the last of which may have fewer. */
    private record Parts(Block left, RightOperand right, Block result, boolean byRows, long size, int threads) {
        long count() {
            return ceilDiv(byRows ? result.rows() : result.columns(), size);
        }

        private long length(long extent, long part) {
            return Math.min(size, extent - part * size);
        }

        ProductKey key(long part) {
            return new ProductKey(
                    byRows ? length(result.rows(), part) : result.rows(),
                    left.columns(),
                    byRows ? result.columns() : length(result.columns(), part),
                    left.rowStride(),
                    right.kind(),
                    result.rowStride(),
                    threads);
        }

        void multiply(long part, Product product) {
            long first = part * size;
            product.multiply(
                    left.address() + (byRows ? first * left.rowStride() * Float.BYTES : 0),
                    right.address() + (byRows ? 0 : first * right.bytesOfColumn()),
                    result.address() + first * (byRows ? result.rowStride() : 1) * Float.BYTES);
        }
    }

    /**
     * Products on operands as they come, computed or only made ready. Those for which no code is generated by shape are computed
     * in either case: they are small, and the first of them makes what all of them use.
     */
    private final class Front implements Products {
        private final boolean computes;

        Front(boolean computes) {
            this.computes = computes;
        }

        @Override
        public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
            Block a = ProductEngine.operand(site, left);
            Block b = ProductEngine.operand(site, right);
            Block c = ProductEngine.operand(site, result);
            ProductEngine.requireFitting(site, a, b, rightIs, c);
            boolean transposed = rightIs == Right.TRANSPOSED;
            if (onOneThread() && (c.rows() < FEWEST_ROWS_TO_SHARE || !lengthsRecur)) {
                PlainProduct.multiply(library, a, b, transposed, c);
            } else {
                run(a, RightOperand.strided(b, transposed), c);
            }
        }

        @Override
        public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
            if (!(weight instanceof PackedWeight packed)) {
                multiply(site, left, weight, Right.TRANSPOSED, result);
                return;
            }
            Block a = ProductEngine.operand(site, left);
            Block c = ProductEngine.operand(site, result);
            ProductEngine.requireFitting(site, a, packed, Right.TRANSPOSED, c);
            run(a, RightOperand.packed(packed), c);
        }

        private void run(Block left, RightOperand right, Block result) {
            Parts parts = parts(left, right, result);
            long count = parts.count();
            if (count == 1) {
                run(parts, 0);
            } else if (computes) {
                workers.forTasks(count, (worker, part) -> run(parts, part));
            } else {
                run(parts, 0);
                run(parts, count - 1);
            }
        }

        private void run(Parts parts, long part) {
            Product product = product(parts, part);
            if (computes) {
                parts.multiply(part, product);
            }
        }
    }

    /** Multiplies by oneDNN, if there is a library of it for this system. */
    OneDnnEngine(Nd4jRuntime runtime) {
        this.runtime = runtime;
        this.workers = runtime.workers();
    }

    private boolean onOneThread() {
        return eachOnOneThread || workers.threads() == 1;
    }

    private Parts parts(Block left, RightOperand right, Block result) {
        long m = result.rows();
        long n = result.columns();
        if (onOneThread() || (m < FEWEST_ROWS_TO_SHARE && left.columns() * n < FEWEST_ELEMENTS_TO_SHARE)) {
            return new Parts(left, right, result, true, m, 1);
        }
        if (m >= FEWEST_ROWS_TO_SHARE) {
            return new Parts(left, right, result, true, Math.min(CHUNK_ROWS, ceilDiv(m, workers.threads())), 1);
        }
        long step = right.step();
        if (step < n) {
            long steps = ceilDiv(ceilDiv(n, step), workers.threads() * PARTS_PER_THREAD);
            return new Parts(left, right, result, false, steps * step, 1);
        }
        return new Parts(left, right, result, true, m, workers.threads());
    }

    private static long ceilDiv(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    private Product product(Parts parts, long part) {
        ProductKey key = parts.key(part);
        return code.get(
                key,
                () -> new Product(
                        library,
                        key.threads,
                        OneDnn.matrix(key.m, key.k, key.leftRow, 1),
                        parts.right().layout().apply(key.n),
                        OneDnn.matrix(key.m, key.n, key.resultRow, 1)));
    }

    @Override
    public Products products() {
        return new Front(true);
    }

    @Override
    public void prepare(Consumer<Products> rehearsal) {
        rehearsal.accept(new Front(false));
        workers.onEach(() -> {
            code.getAll();
            elementwise.prepare();
        });
    }

    @Override
    public long prepared() {
        return code.made() + elementwise.generated();
    }

    @Override
    public void eachOnOneThread(boolean recurring, Runnable work) {
        eachOnOneThread = true;
        lengthsRecur = recurring;
        try {
            work.run();
        } finally {
            eachOnOneThread = false;
            lengthsRecur = true;
        }
    }

    @Override
    public OneDnnElementwise elementwise() {
        return elementwise;
    }

    @Override
    public Blas library() {
        return new Blas("oneDNN", OneDnn.version(), OneDnn.instructions(), workers.threads());
    }

    @Override
    public TensorLoader loader(MatrixAllocator memory) {
        return new PackingLoader(library, panelCode, memory, new MatrixAllocator(runtime));
    }
}
