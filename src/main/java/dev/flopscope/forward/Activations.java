package dev.flopscope.forward;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The buffers of passes, allocated once and reused by every layer and every pass: as tall as the largest chunk, as wide as
 * the widest layer. Smaller ones use the beginning of a buffer. Scores are not among them: the attention operator has its own
 * room for them.
 */
final class Activations {
    /** What a buffer holds; each has a row a token, but for the last two. */
    enum Buffer {
        /** The residual stream x, D wide. */
        RESIDUAL,
        /** A norm's output, and then what attention or feed-forward adds to x, D wide. */
        NORMED,
        /** H·d wide. */
        QUERIES,
        /** K·d wide. */
        KEYS,
        /** K·d wide. */
        VALUES,
        /** All heads' outputs side by side, H·d wide. */
        ATTENTION,
        /** What attention adds to x, where the feed-forward network reads the same x; D wide. */
        PARALLEL,
        /** The queries' narrow vector of multi-head latent attention. */
        LATENT_QUERIES,
        /** The keys' and values' narrow vector, and beside it the keys' part that is turned. */
        LATENT,
        /** The keys' and values' narrow vector alone. */
        NARROW,
        /** What is made of it for all heads: keys without position, and values. */
        UNFOLDED,
        /** F wide, where the feed-forward network has a gate. */
        GATE,
        /** F wide. */
        UP,
        /** The router's scores, E wide. */
        ROUTER,
        /** The rows that go to one expert, D wide. */
        EXPERT_INPUT,
        /** What the expert makes of them, D wide. */
        EXPERT_OUTPUT,
        /** The sum over experts, D wide. */
        MIXTURE,
        /** The last row of each sequence, D wide, where no pass of the largest size has logits of every token. */
        LAST_ROWS,
        /** V wide; a row a token, or a row a sequence. */
        LOGITS
    }

    /** A part of a buffer. */
    private record Part(Buffer buffer, long rows, long columns) {}

    private final Backend backend;
    private final Map<Buffer, Tensor> buffers = new EnumMap<>(Buffer.class);
    /** Views are kept, so that what a backend makes ready for one operand is found again in the next layer and pass. */
    private final Map<Part, Tensor> views = new HashMap<>();

    /** Allocates the buffers for passes of {@code phases}. */
    Activations(ModelConfig model, List<Phase> phases, Backend backend, Allocator allocator) {
        this.backend = backend;
        int batch = phases.get(0).batch();
        int queries = phases.stream().mapToInt(Phase::queries).max().orElseThrow();
        long rows = (long) batch * queries;
        boolean everyRow =
                phases.stream().anyMatch(phase -> phase.queries() == queries && phase.logits() == LogitsRows.ALL);
        widths(model).forEach((buffer, columns) -> buffers.put(buffer, allocator.zeros(rows, columns)));
        if (!everyRow) {
            buffers.put(Buffer.LAST_ROWS, allocator.zeros(batch, model.dModel()));
        }
        buffers.put(Buffer.LOGITS, allocator.zeros(everyRow ? rows : batch, model.vocabSize()));
    }

    private static Map<Buffer, Integer> widths(ModelConfig model) {
        Map<Buffer, Integer> widths = new EnumMap<>(Buffer.class);
        widths.put(Buffer.RESIDUAL, model.dModel());
        widths.put(Buffer.NORMED, model.dModel());
        for (BlockConfig block : model.layersByBlock().keySet()) {
            if (block.arrangement() == BlockConfig.Arrangement.PARALLEL) {
                widths.put(Buffer.PARALLEL, model.dModel());
            }
            SelfAttention.buffers(block.attention()).forEach((buffer, width) -> widths.merge(buffer, width, Math::max));
            FeedForward.buffers(block.feedForward(), model.dModel())
                    .forEach((buffer, width) -> widths.merge(buffer, width, Math::max));
        }
        return widths;
    }

    /** Whether there is such a buffer. */
    boolean has(Buffer buffer) {
        return buffers.containsKey(buffer);
    }

    /** The first rows and columns of a buffer as a matrix of their own. */
    Tensor view(Buffer buffer, long rows, long columns) {
        return views.computeIfAbsent(new Part(buffer, rows, columns), this::view);
    }

    private Tensor view(Part part) {
        Tensor whole = buffers.get(part.buffer());
        if (whole == null) {
            throw new IllegalStateException("no layer of this model has a buffer " + part.buffer());
        }
        return whole.rows() == part.rows() && whole.columns() == part.columns()
                ? whole
                : backend.view(whole, part.rows(), part.columns());
    }
}
