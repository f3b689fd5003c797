package dev.flopscope.backend.cpu;

import dev.flopscope.backend.AttentionOperator;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Attends to chunks of one query in one way and to all others in another. Many runs have no chunk of one query, so what those
 * need is made for the first of them. It is for one call at a time.
 */
final class AttentionByQueries implements AttentionOperator {
    private final Supplier<AttentionOperator> ofOne;
    private final AttentionOperator ofSeveral;
    private @Nullable AttentionOperator one;

    /**
     * Makes nothing yet.
     *
     * @param ofOne makes what attends to chunks of one query; asked once, or never
     * @param ofSeveral attends to all others
     */
    AttentionByQueries(Supplier<AttentionOperator> ofOne, AttentionOperator ofSeveral) {
        this.ofOne = ofOne;
        this.ofSeveral = ofSeveral;
    }

    @Override
    public void attend(
            int layer,
            AttentionConfig heads,
            Optional<Tensor> sinks,
            Chunk chunk,
            Tensor queries,
            KeyValues keyValues,
            Tensor output,
            ExecutionContext context) {
        AttentionOperator operator = chunk.queries() == 1 ? one() : ofSeveral;
        operator.attend(layer, heads, sinks, chunk, queries, keyValues, output, context);
    }

    private AttentionOperator one() {
        AttentionOperator made = one;
        if (made == null) {
            made = ofOne.get();
            one = made;
        }
        return made;
    }
}
