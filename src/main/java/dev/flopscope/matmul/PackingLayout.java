package dev.flopscope.matmul;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_wait;

import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Weight;
import dev.flopscope.tensor.WeightLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;

/**
 * Lays weights out in oneDNN's blocks: each is filled row by row in a buffer, then reordered into memory of its own. The
 * buffers, one a shape, are reused and freed at the end.
 */
final class PackingLayout implements WeightLayout {
    /**
     * Rows of the products that the layout is best for. The choice hardly depends on it, and other products read the same
     * layout.
     */
    private static final long PRODUCT_ROWS = 1024;

    private final OneDnn library;
    private final dnnl_stream stream;
    private final MatrixAllocator memory;
    private final MatrixAllocator buffers;
    private final Map<Shape, Packer> packers = new HashMap<>();

    private record Shape(long rows, int columns) {}

    /** Weights go to {@code memory}; {@code buffers} is closed with this. */
    PackingLayout(OneDnn library, MatrixAllocator memory, MatrixAllocator buffers) {
        this.library = library;
        this.stream = library.stream();
        this.memory = memory;
        this.buffers = buffers;
    }

    @Override
    public Weight lay(long rows, int columns, Consumer<Matrix> fill) {
        Packer packer = packers.computeIfAbsent(new Shape(rows, columns), shape -> new Packer(shape, this));
        fill.accept(packer.buffer);
        Matrix packed = memory.allocate(rows, packer.packedColumns());
        packer.pack(packed);
        return new PackedWeight(rows, columns, packer.layout, packed);
    }

    @Override
    public void close() {
        buffers.close();
        packers.clear();
    }

    /** Reorders weights of one shape. */
    private static final class Packer {
        private final PackingLayout owner;
        private final Shape shape;
        private final Matrix buffer;
        private final dnnl_memory_desc layout;
        private final dnnl_primitive reorder = new dnnl_primitive();
        private final dnnl_memory from;
        private final dnnl_memory to;

        Packer(Shape shape, PackingLayout owner) {
            this.owner = owner;
            this.shape = shape;
            this.buffer = owner.buffers.allocate(shape.rows(), shape.columns());
            this.layout = OneDnnProduct.bestLayout(owner.library, PRODUCT_ROWS, shape.columns(), shape.rows());
            // The weight is (n, k) row by row; as the product's right operand it is (k, n), column by column.
            long k = shape.columns();
            long n = shape.rows();
            dnnl_memory_desc plain = OneDnn.matrix(k, n, 1, k);
            this.from = owner.library.memory(plain);
            this.to = owner.library.memory(layout);
            dnnl_primitive_desc description = new dnnl_primitive_desc();
            dnnl_primitive_attr unchanged = null;
            OneDnn.check(
                    "dnnl_reorder_primitive_desc_create",
                    dnnl_reorder_primitive_desc_create(
                            description, plain, owner.library.engine(), layout, owner.library.engine(), unchanged));
            OneDnn.check("dnnl_primitive_create", dnnl_primitive_create(reorder, description));
        }

        /** Columns of a matrix with as many rows as the weight that holds the packed elements. */
        int packedColumns() {
            long elements = dnnl_memory_desc_get_size(layout) / Float.BYTES;
            return Math.toIntExact((elements + shape.rows() - 1) / shape.rows());
        }

        void pack(Matrix packed) {
            setAddress(from, buffer);
            setAddress(to, packed);
            OneDnn.check(
                    "dnnl_primitive_execute",
                    dnnl_primitive_execute(
                            reorder,
                            owner.stream,
                            2,
                            OneDnn.arguments(new int[] {DNNL_ARG_FROM, DNNL_ARG_TO}, new dnnl_memory[] {from, to})));
            OneDnn.check("dnnl_stream_wait", dnnl_stream_wait(owner.stream));
        }

        private static void setAddress(dnnl_memory memory, Matrix matrix) {
            long address = OneDnnMatmul.address(matrix.array());
            OneDnn.check(
                    "dnnl_memory_set_data_handle",
                    dnnl_memory_set_data_handle(memory, new OneDnn.Address().at(address)));
        }
    }
}
