package dev.flopscope.backend;

import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.machine.Blas;
import dev.flopscope.machine.Gpu;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An engine, started: it allocates tensors, multiplies them, and does what lies between products. Closing it ends its threads;
 * what its allocators gave is freed by them.
 */
public interface Backend extends AutoCloseable {
    /** The library that multiplies, as it describes itself. */
    Blas library();

    /** The graphics processor that computes, where one does. */
    default Optional<Gpu> gpu() {
        return Optional.empty();
    }

    /** The clock of its work. */
    Clock clock();

    /** Its products, neither counted nor timed. */
    Products products();

    /**
     * Makes ready what a pass needs and is made once, such as code for the shapes of products: what a first pass would otherwise
     * make while it is timed.
     *
     * @param rehearsal goes through the same operators as the pass, on this thread, with products that are given to it: these
     *     compute only what cannot be made ready otherwise, so that what their results hold afterwards says nothing. What it
     *     meets on one thread is ready on all when this returns
     */
    void prepare(Consumer<Products> rehearsal);

    /** What lies between products. */
    Operators operators();

    /** A new allocator. */
    Allocator allocator();

    /** Makes parameters in memory of {@code memory}, which is an allocator of this backend. */
    TensorLoader loader(Allocator memory);

    /**
     * A (rows, columns) matrix over the first elements of a tensor of an allocator, row by row and without a copy: buffers are
     * as large as the largest chunk and the widest layer, and smaller ones use their beginning.
     *
     * @throws IllegalArgumentException if the tensor has fewer elements
     */
    Tensor view(Tensor tensor, long rows, long columns);

    /**
     * Copies a row of a tensor of an allocator, or of a table, to the host.
     *
     * @param destination as long as the tensor has columns; overwritten
     */
    void readRow(Tensor tensor, long row, float[] destination);

    /** Reads operands and results of its products. */
    OperandReader operands();

    /**
     * Angles for {@code positions} positions of heads of width {@code headDim}: column i, of as many as there are frequencies, and
     * the column that many further are a pair, turned by position · frequency.
     *
     * @param frequencies at most d/2
     * @param amplitude what turned columns are multiplied by
     */
    RotaryTable rotary(int positions, int headDim, double[] frequencies, double amplitude);

    /**
     * The keys and values of a chunk with nothing before it, as they are.
     *
     * @param keys (B·queries, K·d)
     * @param values (B·queries, K·d)
     */
    KeyValues uncached(Tensor keys, Tensor values, Chunk chunk, AttentionConfig heads);

    /**
     * A cache for one layer: room for 2·B·K·capacity·d elements.
     *
     * @param capacity the most tokens of each sequence
     */
    KeyValues cache(int batch, AttentionConfig heads, int capacity, Allocator memory);

    /**
     * Attention, with the room that it needs for scores.
     *
     * @param algorithm whole, tiled or causal, and the tiles
     * @param heads every attention that it will compute
     * @param largest a chunk with as many sequences and queries as any that it will compute
     * @param positions the most positions that a query attends to
     * @param activations where whole scores come from, queries × positions
     * @param scratch where tiles come from, a few MiB a thread
     */
    AttentionOperator attention(
            Attention algorithm,
            List<AttentionConfig> heads,
            Chunk largest,
            int positions,
            Allocator activations,
            Allocator scratch);

    /** Work that shows what the machine reaches, on three arrays of about {@code arrayBytes} bytes each, in memory of {@code memory}. */
    MachineProbes probes(Allocator memory, long arrayBytes);

    @Override
    void close();
}
