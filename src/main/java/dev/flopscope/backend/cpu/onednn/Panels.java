package dev.flopscope.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_BA16a16b;
import static org.bytedeco.dnnl.global.dnnl.dnnl_BA16a32b;
import static org.bytedeco.dnnl.global.dnnl.dnnl_BA16a48b;
import static org.bytedeco.dnnl.global.dnnl.dnnl_BA16a64b;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_equal;

import java.util.Map;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_memory_desc;

/**
 * A packed weight as panels of columns of the right operand (k, n), one after the other in memory, so that threads can
 * share its columns out.
 *
 * @param tag oneDNN's name of the layout
 * @param width columns of a panel; the last is filled up with zeros
 * @param height k, filled up to whole blocks
 */
public record Panels(int tag, long width, long height) {
    /** Rows of a block in each of the layouts below. */
    private static final long BLOCK_ROWS = 16;

    private static final Map<Integer, Long> WIDTHS =
            Map.of(dnnl_BA16a64b, 64L, dnnl_BA16a48b, 48L, dnnl_BA16a32b, 32L, dnnl_BA16a16b, 16L);

    /** The panels of {@code layout}, of a right operand (k, n); none if it is not one of panels. */
    static Optional<Panels> of(dnnl_memory_desc layout, long k, long n) {
        return WIDTHS.entrySet().stream()
                .filter(entry -> dnnl_memory_desc_equal(layout, OneDnn.tagged(k, n, entry.getKey())) != 0)
                .map(entry ->
                        new Panels(entry.getKey(), entry.getValue(), (k + BLOCK_ROWS - 1) / BLOCK_ROWS * BLOCK_ROWS))
                .findFirst();
    }

    /** Bytes from one column of the right operand to the next, if a panel begins there. */
    public long bytesOfColumn() {
        return height * Float.BYTES;
    }

    /** How {@code columns} columns from the beginning of a panel lie, of a right operand with {@code k} rows. */
    dnnl_memory_desc layout(long k, long columns) {
        return OneDnn.tagged(k, columns, tag);
    }
}
