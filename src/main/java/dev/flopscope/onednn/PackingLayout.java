package dev.flopscope.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;

import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Weight;
import dev.flopscope.tensor.WeightLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Lays weights out in oneDNN's blocks: each is filled row by row in a buffer, then reordered into memory of its own. The
 * buffers, one a shape, are reused and freed at the end.
 */
public final class PackingLayout implements WeightLayout {
    /** Rows of the products that the layout is best for; products of other heights read the same layout. */
    private static final long PRODUCT_ROWS = 1024;

    private final OneDnn library;
    private final MatrixAllocator memory;
    private final MatrixAllocator buffers;
    private final Map<Shape, Packer> packers = new HashMap<>();

    private record Shape(long rows, int columns) {}

    /**
     * Lays weights out.
     *
     * @param memory where weights go
     * @param buffers where they are filled before; closed with this
     */
    public PackingLayout(OneDnn library, MatrixAllocator memory, MatrixAllocator buffers) {
        this.library = library;
        this.memory = memory;
        this.buffers = buffers;
    }

    @Override
    public Weight lay(long rows, int columns, Consumer<Matrix> fill) {
        Packer packer = packers.computeIfAbsent(new Shape(rows, columns), this::packer);
        fill.accept(packer.buffer);
        Matrix packed = memory.allocate(rows, packer.packedColumns(rows));
        packer.reorder.execute(packer.buffer.address(), packed.address());
        return new PackedWeight(rows, columns, packer.layout, packer.panels, packed);
    }

    @Override
    public void close() {
        buffers.close();
        packers.clear();
    }

    private Packer packer(Shape shape) {
        long n = shape.rows();
        long k = shape.columns();
        library.useThreads(memory.workers().threads());
        // The weight is (n, k) row by row; as the product's right operand it is (k, n), column by column.
        dnnl_memory_desc plain = OneDnn.matrix(k, n, 1, k);
        dnnl_memory_desc layout = Product.bestLayout(library, PRODUCT_ROWS, k, n);
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        dnnl_primitive_attr unchanged = null;
        OneDnn.check(
                "dnnl_reorder_primitive_desc_create",
                dnnl_reorder_primitive_desc_create(
                        description, plain, library.engine(), layout, library.engine(), unchanged));
        Primitive reorder = new Primitive(
                library, description, new int[] {DNNL_ARG_FROM, DNNL_ARG_TO}, new dnnl_memory_desc[] {plain, layout});
        return new Packer(buffers.allocate(shape.rows(), shape.columns()), layout, Panels.of(layout, k, n), reorder);
    }

    /** What it takes to pack weights of one shape. */
    private record Packer(Matrix buffer, dnnl_memory_desc layout, Optional<Panels> panels, Primitive reorder) {
        /** Columns of a matrix with {@code rows} rows that holds the packed elements. */
        int packedColumns(long rows) {
            long elements = dnnl_memory_desc_get_size(layout) / Float.BYTES;
            return Math.toIntExact((elements + rows - 1) / rows);
        }
    }
}
