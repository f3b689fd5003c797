package dev.flopscope.forward;

import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.Operators;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Chunk;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.forward.Activations.Buffer;
import dev.flopscope.time.Operator;

/**
 * One forward pass under way.
 *
 * @param chunk its work
 * @param operators what lies between products
 * @param activations the buffers
 * @param context where products go, and who is told
 */
record Pass(Chunk chunk, Operators operators, Activations activations, ExecutionContext context) {
    /** A buffer with a row a token, {@code columns} wide. */
    Tensor buffer(Buffer buffer, int columns) {
        return activations.view(buffer, chunk.rows(), columns);
    }

    /** result = x · Wᵀ for all rows. */
    void project(MatmulKind kind, int layer, Tensor x, Tensor weight, Tensor result) {
        context.products().project(new MatmulSite(kind, layer), x, weight, result);
    }

    /** Does {@code work} between products. */
    void operator(Operator operator, int layer, Runnable work) {
        context.operator(operator, layer, work);
    }
}
