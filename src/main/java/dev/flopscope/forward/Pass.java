package dev.flopscope.forward;

import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.Operators;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Chunk;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.forward.Activations.Buffer;
import dev.flopscope.time.Operator;
import dev.flopscope.weights.Linear;

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

    /** result = x · Wᵀ for all rows, with a bias if there is one. */
    void project(MatmulKind kind, int layer, Tensor x, Linear linear, Tensor result) {
        project(new MatmulSite(kind, layer), x, linear, result);
    }

    /** The same at a site that may be an expert's. */
    void project(MatmulSite site, Tensor x, Linear linear, Tensor result) {
        context.products().project(site, x, linear.weight(), result);
        linear.bias().ifPresent(bias -> operator(Operator.BIAS, site.layer(), () -> operators.addBias(result, bias)));
    }

    /** Does {@code work} between products. */
    void operator(Operator operator, int layer, Runnable work) {
        context.operator(operator, layer, work);
    }
}
