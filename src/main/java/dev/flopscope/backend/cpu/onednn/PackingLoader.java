package dev.flopscope.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;

import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Packs weights into oneDNN's blocks. Where these are panels, as on all x86 processors with AVX2, rows are turned into them at once;
 * otherwise each weight is filled row by row in a buffer, then reordered into memory of its own. The buffers, one a shape, are
 * reused and freed at the end.
 */
public final class PackingLoader implements TensorLoader {
    /** Rows of the products that the layout is best for; products of other heights read the same layout. */
    private static final long PRODUCT_ROWS = 1024;

    private final OneDnn library;
    private final MatrixAllocator memory;
    private final MatrixAllocator buffers;
    private final Map<Shape, Layout> layouts = new HashMap<>();
    /** Those that no thread uses, by the columns of their rows. */
    private final Map<Long, Queue<PanelFiller>> fillers = new HashMap<>();

    private final Map<Shape, Packer> packers = new HashMap<>();

    private record Shape(long rows, long columns) {}

    /** How the transposed weights of a shape lie. */
    private record Layout(dnnl_memory_desc blocks, Optional<Panels> panels) {}

    /**
     * Packs nothing yet.
     *
     * @param memory where parameters go
     * @param buffers where weights are filled before; closed with this
     */
    public PackingLoader(OneDnn library, MatrixAllocator memory, MatrixAllocator buffers) {
        this.library = library;
        this.memory = memory;
        this.buffers = buffers;
    }

    @Override
    public Tensor weight(long rows, long columns, RowSource source) {
        Shape shape = new Shape(rows, columns);
        Layout layout = layouts.computeIfAbsent(shape, this::layout);
        if (layout.panels().isPresent()) {
            return inPanels(shape, layout, layout.panels().get(), source);
        }
        Packer packer = packers.computeIfAbsent(shape, missing -> packer(missing, layout.blocks()));
        buffers.fill(packer.buffer, source);
        Matrix packed = memory.allocate(rows, packer.packedColumns(rows));
        packer.reorder.execute(packer.buffer.address(), packed.address());
        return new PackedWeight(rows, columns, packer.layout, Optional.empty(), packed);
    }

    /** Whether rows are turned into panels at once, as far as that is known without a product. */
    public static boolean hasPanels() {
        String instructions = OneDnn.instructions();
        return instructions.startsWith("avx") && !instructions.equals("avx");
    }

    private Tensor inPanels(Shape shape, Layout layout, Panels panels, RowSource source) {
        long number = (shape.rows() + panels.width() - 1) / panels.width();
        Matrix packed = memory.allocate(number, panels.height() * panels.width());
        Queue<PanelFiller> idle = fillers.computeIfAbsent(shape.columns(), missing -> new ConcurrentLinkedQueue<>());
        memory.workers().forRows(number, (from, to) -> {
            PanelFiller filler =
                    Optional.ofNullable(idle.poll()).orElseGet(() -> new PanelFiller(shape.columns(), panels.height()));
            for (long panel = from; panel < to; panel++) {
                filler.fill(source, shape.rows(), panel, packed);
            }
            idle.add(filler);
        });
        return new PackedWeight(shape.rows(), shape.columns(), layout.blocks(), layout.panels(), packed);
    }

    private Layout layout(Shape shape) {
        library.useThreads(memory.workers().threads());
        dnnl_memory_desc blocks = Product.bestLayout(library, PRODUCT_ROWS, shape.columns(), shape.rows());
        return new Layout(blocks, Panels.of(blocks, shape.columns(), shape.rows()));
    }

    @Override
    public Tensor table(long rows, long columns, RowSource source) {
        return memory.filled(rows, columns, source);
    }

    @Override
    public void close() {
        buffers.close();
        packers.clear();
        fillers.clear();
    }

    private Packer packer(Shape shape, dnnl_memory_desc layout) {
        long n = shape.rows();
        long k = shape.columns();
        // The weight is (n, k) row by row; as the product's right operand it is (k, n), column by column.
        dnnl_memory_desc plain = OneDnn.matrix(k, n, 1, k);
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        dnnl_primitive_attr unchanged = null;
        OneDnn.check(
                "dnnl_reorder_primitive_desc_create",
                dnnl_reorder_primitive_desc_create(
                        description, plain, library.engine(), layout, library.engine(), unchanged));
        Primitive reorder = new Primitive(
                library, description, new int[] {DNNL_ARG_FROM, DNNL_ARG_TO}, new dnnl_memory_desc[] {plain, layout});
        return new Packer(buffers.allocate(n, k), layout, reorder);
    }

    /** What it takes to pack weights of one shape. */
    private record Packer(Matrix buffer, dnnl_memory_desc layout, Primitive reorder) {
        /** Columns of a matrix with {@code rows} rows that holds the packed elements. */
        long packedColumns(long rows) {
            long elements = dnnl_memory_desc_get_size(layout) / Float.BYTES;
            return (elements + rows - 1) / rows;
        }
    }
}
