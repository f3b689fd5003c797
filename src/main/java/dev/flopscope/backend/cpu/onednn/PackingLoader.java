package dev.flopscope.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;

import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.dnnl.dnnl_memory_desc;

/**
 * Packs weights into oneDNN's blocks. Where these are panels, as on all x86 processors with AVX2, each thread packs one panel after
 * the other; otherwise each weight is filled row by row in a buffer, then reordered into memory of its own. The buffers, one a
 * shape, or one for each thread and length of rows, are reused and freed at the end.
 */
public final class PackingLoader implements TensorLoader {
    /** Rows of the products that the layout is best for; products of other heights read the same layout. */
    private static final long PRODUCT_ROWS = 1024;

    private final OneDnn library;
    private final PanelCode code;
    private final MatrixAllocator memory;
    private final MatrixAllocator buffers;
    private final Map<Shape, Layout> layouts = new HashMap<>();
    /** One for each thread. */
    private final Map<Rows, List<PanelFiller>> fillers = new HashMap<>();

    private final Map<Shape, Packer> packers = new HashMap<>();

    private record Shape(long rows, long columns) {}

    /** What is the same of weights whose rows are gathered in the same buffers. */
    private record Rows(Panels panels, long columns) {}

    /** How the transposed weights of a shape lie. */
    private record Layout(dnnl_memory_desc blocks, Optional<Panels> panels) {}

    /**
     * Packs nothing yet.
     *
     * @param code transposes panels; kept when this is closed
     * @param memory where parameters go
     * @param buffers where weights are filled before; closed with this
     */
    public PackingLoader(OneDnn library, PanelCode code, MatrixAllocator memory, MatrixAllocator buffers) {
        this.library = library;
        this.code = code;
        this.memory = memory;
        this.buffers = buffers;
    }

    @Override
    public Tensor weight(long rows, long columns, RowSource source) {
        Layout layout = layout(rows, columns);
        if (layout.panels().isEmpty()) {
            return reordered(rows, columns, layout.blocks(), source);
        }
        Panels panels = layout.panels().get();
        Matrix packed = memory(rows, panels);
        List<PanelFiller> ofThreads = fillers.computeIfAbsent(new Rows(panels, columns), this::fillers);
        memory.workers()
                .forTasks(
                        packed.rows(), (worker, panel) -> ofThreads.get(worker).fill(source, rows, panel, packed));
        return new PackedWeight(rows, columns, layout.blocks(), layout.panels(), packed);
    }

    /** In a panel, as in what is given here, the elements of a column lie side by side: they are only copied. */
    @Override
    public Tensor transposedWeight(long rows, long columns, RowSource source) {
        Layout layout = layout(rows, columns);
        if (layout.panels().isEmpty()) {
            return TensorLoader.super.transposedWeight(rows, columns, source);
        }
        Panels panels = layout.panels().get();
        Matrix packed = memory(rows, panels);
        StripeFiller filler = new StripeFiller(panels, rows, columns);
        memory.workers().forRows(filler.stripes(), (from, to) -> filler.fill(source, from, to, packed));
        return new PackedWeight(rows, columns, layout.blocks(), layout.panels(), packed);
    }

    private Tensor reordered(long rows, long columns, dnnl_memory_desc blocks, RowSource source) {
        Packer packer = packers.computeIfAbsent(new Shape(rows, columns), shape -> packer(shape, blocks));
        buffers.fill(packer.buffer, source);
        Matrix packed = memory.allocate(rows, packer.packedColumns(rows));
        packer.reorder.execute(packer.buffer.address(), packed.address());
        return new PackedWeight(rows, columns, packer.layout, Optional.empty(), packed);
    }

    /** A row a panel. */
    private Matrix memory(long rows, Panels panels) {
        long count = (rows + panels.width() - 1) / panels.width();
        return memory.allocate(count, panels.height() * panels.width());
    }

    /** Whether rows are packed panel by panel, as far as that is known without a product. */
    public static boolean hasPanels() {
        String instructions = OneDnn.instructions();
        return instructions.startsWith("avx") && !instructions.equals("avx");
    }

    private List<PanelFiller> fillers(Rows rows) {
        return IntStream.range(0, memory.workers().threads())
                .mapToObj(worker -> new PanelFiller(
                        code,
                        rows.panels(),
                        rows.columns(),
                        buffers.allocate(rows.panels().width(), PanelFiller.bufferColumns(rows.columns()))))
                .toList();
    }

    private Layout layout(long rows, long columns) {
        return layouts.computeIfAbsent(new Shape(rows, columns), this::layout);
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
        Primitive reorder = Primitive.reorder(library, OneDnn.matrix(k, n, 1, k), layout);
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
