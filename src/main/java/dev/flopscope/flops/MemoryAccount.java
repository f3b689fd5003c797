package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes of float32 that a run by this executor needs.
 *
 * @param weightsBytes all parameters
 * @param sharedWeightsBytes parameters when layers whose blocks are the same share one block's
 * @param activations the buffers that passes reuse from layer to layer, as large as the largest chunk needs
 * @param kvCacheBytes keys and values of every layer for all tokens, 2·L·B·(T+N)·K·d floats
 */
public record MemoryAccount(long weightsBytes, long sharedWeightsBytes, List<Buffer> activations, long kvCacheBytes) {
    /** Bytes of one float32. */
    private static final long FLOAT_BYTES = 4;

    /**
     * One buffer of activations.
     *
     * @param name what it holds
     * @param rows its rows
     * @param columns its columns
     */
    public record Buffer(String name, long rows, long columns) {
        /**
         * Its size.
         *
         * @throws ArithmeticException if it exceeds 2⁶³−1
         */
        public long bytes() {
            return Exact.product(FLOAT_BYTES, rows, columns);
        }
    }

    /**
     * A buffer with a row a token.
     *
     * @param name what it holds
     * @param columns its columns
     */
    record Width(String name, long columns) {}

    /** Keeps a copy of the list. */
    public MemoryAccount {
        activations = List.copyOf(activations);
    }

    /**
     * The closed form for a run of {@code phases}.
     *
     * @throws ArithmeticException if a size exceeds 2⁶³−1
     */
    public static MemoryAccount of(
            ModelConfig model, ParameterAccount parameters, List<Phase> phases, Attention attention) {
        long batch = phases.get(0).batch();
        long positions = phases.stream().mapToLong(Phase::end).max().orElseThrow();
        MemoryAccount account = new MemoryAccount(
                Exact.product(FLOAT_BYTES, parameters.total()),
                Exact.product(FLOAT_BYTES, parameters.sharedTotal()),
                buffers(model, phases, attention),
                Exact.product(FLOAT_BYTES, batch, positions, cacheWidths(model)));
        account.activationsBytes();
        return account;
    }

    /** Elements that the caches of all layers hold for one token of one sequence. */
    private static long cacheWidths(ModelConfig model) {
        return Exact.sum(model.blocks().stream()
                .mapToLong(block -> Exact.sum(
                        block.attention().keyWidth(), block.attention().valueWidth()))
                .toArray());
    }

    /**
     * The residual stream, one layer's intermediates, as wide as the widest layer has them, with full attention one head's
     * scores, and the logits. Tiles of scores are as small as a cache, and not among them.
     */
    private static List<Buffer> buffers(ModelConfig model, List<Phase> phases, Attention attention) {
        long queries = phases.stream().mapToLong(Phase::queries).max().orElseThrow();
        long batch = phases.get(0).batch();
        long rows = Exact.product(batch, queries);
        List<Buffer> buffers = new ArrayList<>();
        widths(model).forEach((name, columns) -> buffers.add(new Buffer(name, rows, columns)));
        if (attention.algorithm() == Attention.Algorithm.FULL) {
            buffers.add(new Buffer(
                    "scores",
                    queries,
                    phases.stream().mapToLong(Phase::end).max().orElseThrow()));
        }
        boolean everyRow =
                phases.stream().anyMatch(phase -> phase.logits() == LogitsRows.ALL && phase.queries() == queries);
        if (!everyRow) {
            buffers.add(new Buffer("last rows", batch, model.dModel()));
        }
        buffers.add(new Buffer("logits", everyRow ? rows : batch, model.vocabSize()));
        return buffers;
    }

    /** The widest that any layer needs of each buffer with a row a token, by name, in the order of a pass. */
    private static Map<String, Long> widths(ModelConfig model) {
        Map<String, Long> widths = new LinkedHashMap<>();
        for (BlockConfig block : model.layersByBlock().keySet()) {
            List<Width> ofBlock = new ArrayList<>(
                    List.of(new Width("residual", model.dModel()), new Width("normed", model.dModel())));
            if (block.arrangement() == BlockConfig.Arrangement.PARALLEL) {
                ofBlock.add(new Width("parallel", model.dModel()));
            }
            ofBlock.addAll(new AttentionForms(block.attention(), model.dModel()).buffers());
            ofBlock.addAll(new FeedForwardForms(block.feedForward(), model.dModel()).buffers());
            ofBlock.forEach(width -> widths.merge(width.name(), width.columns(), Math::max));
        }
        return widths;
    }

    /** All activations' bytes. */
    public long activationsBytes() {
        return Exact.sum(activations.stream().mapToLong(Buffer::bytes).toArray());
    }
}
