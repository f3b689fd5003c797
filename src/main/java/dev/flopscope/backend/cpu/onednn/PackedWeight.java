package dev.flopscope.backend.cpu.onednn;

import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.memory.Matrix;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_memory_desc;

/**
 * A weight (n, k) in the blocks that oneDNN's products read one after the other, filled up with zeros to whole blocks.
 *
 * @param rows n
 * @param columns k
 * @param layout the blocks, of the transposed weight (k, n)
 * @param panels how its rows can be shared out, if the layout allows it
 * @param memory the elements, in the order of the layout
 */
public record PackedWeight(long rows, long columns, dnnl_memory_desc layout, Optional<Panels> panels, Matrix memory)
        implements Tensor {
    /** How {@code part} columns of the transposed weight lie: all, or some from the beginning of a panel on. */
    public dnnl_memory_desc layout(long part) {
        return part == rows ? layout : panels.orElseThrow().layout(columns, part);
    }
}
