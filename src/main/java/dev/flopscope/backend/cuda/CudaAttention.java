package dev.flopscope.backend.cuda;

import dev.flopscope.backend.AttentionOperator;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import java.util.Optional;

/**
 * Attention on a device. One call of cuBLAS multiplies as many query heads of a sequence as there is room for scores of; each
 * of them is a product of its own, and is counted so. Query heads that share keys and values are multiplied by the same ones.
 */
abstract sealed class CudaAttention implements AttentionOperator
        permits WholeCudaAttention, TiledCudaAttention, OneQueryCudaAttention {
    /**
     * Attention of one layer over a chunk.
     *
     * @param layer which layer
     * @param config the heads and the window
     * @param sinks the address of a score for each head; 0 if there are none
     * @param chunk the work
     * @param queries (B·queries, H·d)
     * @param keyValues keys and values
     * @param output (B·queries, H·dᵥ)
     * @param context where products go
     */
    record Operands(
            int layer,
            AttentionConfig config,
            long sinks,
            Chunk chunk,
            CudaTensor queries,
            CudaKeyValues keyValues,
            CudaTensor output,
            ExecutionContext context) {
        /** Tokens that a query sees at most. */
        int window() {
            return config.window().orElse(Integer.MAX_VALUE);
        }

        /** The cap of scores, 0 if they have none. */
        float cap() {
            return (float) config.softCap().orElse(0);
        }

        /** How many query heads one call can take: all of a sequence, or those that share keys and values. */
        int headsAtOnce() {
            return config.numHeads() == config.numKvHeads() ? config.numHeads() : config.headsPerKeyValue();
        }

        /** Rows of the queries of some heads of a sequence. */
        CudaTensor queries(int sequence, int firstHead, int heads, int firstQuery, int count) {
            long row = (long) sequence * chunk.queries() + firstQuery;
            long element = row * queries.leading() + (long) firstHead * config.headDim();
            return part(queries, element, count, config.headDim(), config.headDim(), heads);
        }

        /** Rows of the output of some heads of a sequence. */
        CudaTensor output(int sequence, int firstHead, int heads, int firstQuery, int count) {
            long row = (long) sequence * chunk.queries() + firstQuery;
            long element = row * output.leading() + (long) firstHead * config.valueDim();
            return part(output, element, count, config.valueDim(), config.valueDim(), heads);
        }

        /** Keys of some positions, as query heads need them. */
        CudaTensor keys(int sequence, int firstHead, int heads, int firstKey, int count) {
            return ofHeads(keyValues.keys(), config.headDim(), sequence, firstHead, heads, firstKey, count);
        }

        /** Values of some positions, as query heads need them. */
        CudaTensor values(int sequence, int firstHead, int heads, int firstKey, int count) {
            return ofHeads(keyValues.values(), config.valueDim(), sequence, firstHead, heads, firstKey, count);
        }

        private CudaTensor ofHeads(
                CudaTensor kept, int width, int sequence, int firstHead, int heads, int firstKey, int count) {
            int shared = firstHead / config.headsPerKeyValue();
            long row = (long) sequence * keyValues.capacity() + firstKey;
            long element = row * kept.leading() + (long) shared * width;
            long stride = config.headsPerKeyValue() == 1 ? width : 0;
            return part(kept, element, count, width, stride, heads);
        }

        void score(CudaTensor left, CudaTensor keys, CudaTensor scores) {
            context.products()
                    .multiply(new MatmulSite(MatmulKind.ATTN_SCORES, layer), left, keys, Right.TRANSPOSED, scores);
        }

        void weigh(CudaTensor weights, CudaTensor values, CudaTensor result) {
            context.products()
                    .multiply(new MatmulSite(MatmulKind.ATTN_VALUES, layer), weights, values, Right.AS_IS, result);
        }

        /**
         * Turns scores of some heads into weights.
         *
         * @param scores rows of {@code queries} of each head; overwritten
         * @param queries how many rows of one head follow each other
         * @param past the position of the first of them
         * @param window how many of the last keys up to its own position a query sees
         * @param firstHead whose rows come first
         */
        void softmax(CudaKernels kernels, CudaTensor scores, int queries, int past, int window, int firstHead) {
            long rows = scores.batch() * scores.rows();
            softmax(() -> kernels.overScores(
                    kernels.softmax("softmax")
                            .with(scores.pointer())
                            .with(rows)
                            .with(queries)
                            .with(Math.toIntExact(scores.columns()))
                            .with(past)
                            .with(window)
                            .with(cap())
                            .with(sinks)
                            .with(config.numHeads())
                            .with(firstHead),
                    rows,
                    scores.columns()));
        }

        void softmax(Runnable work) {
            context.operator(Operator.SOFTMAX, layer, work);
        }
    }

    /** Matrices that begin at an element of another. */
    static CudaTensor part(CudaTensor whole, long element, long rows, long columns, long stride, long batch) {
        return new CudaTensor(whole.pointer() + element * Float.BYTES, rows, columns, whole.leading(), stride, batch);
    }

    /** Matrices one behind the other at the beginning of a buffer. */
    static CudaTensor dense(CudaTensor buffer, long batch, long rows, long columns) {
        return new CudaTensor(buffer.pointer(), rows, columns, columns, rows * columns, batch);
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
        attend(new Operands(
                layer,
                heads,
                sinks.map(scores -> CudaTensor.of(scores).pointer()).orElse(0L),
                chunk,
                CudaTensor.of(queries),
                CudaKeyValues.of(keyValues),
                CudaTensor.of(output),
                context));
    }

    /** Attends. */
    abstract void attend(Operands operands);
}
