package dev.flopscope.onednn;

import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.Weight;
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
public record PackedWeight(long rows, int columns, dnnl_memory_desc layout, Optional<Panels> panels, Matrix memory)
        implements Weight {}
