package dev.flopscope.backend;

import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Phase;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What an engine takes of the memory that its tensors are in, in bytes, worked out without allocating anything: what its tensors
 * take beyond their elements, and what is no tensor.
 */
public interface Footprint {
    /** The process before anything is made for a run. */
    long process();

    /** The process while weights are made: code and classes of a pass are not loaded yet. */
    long loadingProcess();

    /** What {@code bytes} of objects in Java's heap let that memory grow by. */
    long heap(long bytes);

    /** A table of parameters. */
    long table(long rows, long columns);

    /** A weight as it is kept. */
    long weight(long rows, long columns);

    /** What a weight is filled in before it is packed, which is kept until all weights are made: one for each shape. */
    long packing(long rows, long columns);

    /** Rows of weights with so many columns that threads gather before they pack them, kept until all weights are made. */
    long gatheredRows(long columns);

    /** Objects in Java's heap that go with tensors of parameters. */
    long objects(long weights, long tables);

    /**
     * What attention makes beside activations.
     *
     * @param attention the algorithm
     * @param heads the different heads of the model
     * @param phases the phases of the run
     */
    long scratch(Attention attention, Collection<AttentionConfig> heads, List<Phase> phases);

    /**
     * Objects in Java's heap that view the operands of each product of attention, which are kept from layer to layer.
     *
     * @param attention the algorithm
     * @param heads the different heads of the model
     * @param phases the phases of the run
     */
    long views(Attention attention, Collection<AttentionConfig> heads, List<Phase> phases);

    /**
     * What the library keeps of products.
     *
     * @param phases the phases of the run
     * @param keyWidth columns of all keys of a layer
     * @param experts whether there are experts, whose products have as many heights as there are numbers of rows
     */
    long library(List<Phase> phases, long keyWidth, boolean experts);

    /** The largest extent that any phase has; 1 if there is none. */
    static long most(List<Phase> phases, ToLongFunction<Phase> extent) {
        return phases.stream().mapToLong(extent).max().orElse(1);
    }
}
