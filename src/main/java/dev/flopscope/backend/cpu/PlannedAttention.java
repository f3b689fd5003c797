package dev.flopscope.backend.cpu;

import dev.flopscope.backend.AttentionOperator;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.kernel.HeadKeyValues;
import dev.flopscope.backend.cpu.kernel.OnlineSoftmax;
import dev.flopscope.backend.cpu.kernel.Sinks;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Attention whose operands are cut out of tensors in the same way for as long as the tensors are the same, as they are in all
 * layers of a prompt without a cache: what was cut is kept for the next layer. It is for one call at a time.
 *
 * @param <P> the blocks of all products of a call
 */
abstract class PlannedAttention<P> implements AttentionOperator {
    private @Nullable Operands planned;
    private @Nullable P plan;

    /** What one call reads and writes. */
    record Operands(AttentionConfig heads, Chunk chunk, Matrix queries, HeadKeyValues keyValues, Matrix output) {
        /** How many positions a query sees, itself included. */
        int window() {
            return heads.window().orElse(OnlineSoftmax.NO_WINDOW);
        }

        /** The row of a sequence's first query. */
        long firstRow(int sequence) {
            return (long) sequence * chunk.queries();
        }

        /** Keys of a key/value head, {@code positions} from {@code first} on. */
        Block keys(int sequence, int head, int first, int positions) {
            return keyValues.keys(sequence, head, first, positions);
        }

        /** Values of a key/value head, {@code positions} from {@code first} on. */
        Block values(int sequence, int head, int first, int positions) {
            return keyValues.values(sequence, head, first, positions);
        }
    }

    /** One layer's sinks and products, and what is told between them. */
    record Layer(int number, Sinks sinks, ExecutionContext context) {
        /** Scores: queries · keysᵀ. */
        void score(Block queries, Block keys, Block scores) {
            context.products()
                    .multiply(
                            new MatmulSite(MatmulKind.ATTN_SCORES, number),
                            queries,
                            keys,
                            Products.Right.TRANSPOSED,
                            scores);
        }

        /** Weighted values: weights · values. */
        void weigh(Block weights, Block values, Block weighted) {
            context.products()
                    .multiply(
                            new MatmulSite(MatmulKind.ATTN_VALUES, number),
                            weights,
                            values,
                            Products.Right.AS_IS,
                            weighted);
        }

        void softmax(Runnable work) {
            context.operator(Operator.SOFTMAX, number, work);
        }
    }

    @Override
    public final void attend(
            int layer,
            AttentionConfig heads,
            Optional<Tensor> sinks,
            Chunk chunk,
            Tensor queries,
            KeyValues keyValues,
            Tensor output,
            ExecutionContext context) {
        Operands operands =
                new Operands(heads, chunk, Matrix.of(queries), HeadKeyValues.of(keyValues), Matrix.of(output));
        P blocks = plan;
        if (blocks == null || !operands.equals(planned)) {
            blocks = plan(operands);
            plan = blocks;
            planned = operands;
        }
        attend(operands, blocks, new Layer(layer, Sinks.of(sinks), context));
    }

    /** Cuts the blocks of a call's products. */
    abstract P plan(Operands operands);

    /** Attends. */
    abstract void attend(Operands operands, P blocks, Layer layer);
}
