package dev.flopscope.matmul;

import dev.flopscope.count.MatmulSite;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products by ND4J's {@code matmul} operation, which hands them to BLAS. The only caller of ND4J's products.
 *
 * <p>The operation takes strided operands (a head is a block of columns) and a strided result without copying, which
 * {@code INDArray.mmul} does not. One operation context a thread is kept, since contexts are never freed and making one
 * doubles the cost of a call.
 */
public final class Nd4jMatmul implements Matmul {
    private final ThreadLocal<OpContext> contexts =
            ThreadLocal.withInitial(() -> Nd4j.getExecutioner().buildContext());

    @Override
    public void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
        Operands.requireFitting(site, left, right, rightIs, result);
        OpContext context = contexts.get();
        context.setInputArrays(left, right);
        context.setOutputArrays(result);
        context.setIArguments(0, rightIs == Right.TRANSPOSED ? 1 : 0, 0); // transpose left, right, result
        context.setTArguments(1.0, 0.0); // alpha, beta: result = 1·left·right + 0·result
        Nd4j.exec(new Mmul(), context);
    }

    @Override
    public void sideBySide(int threads, Runnable work) {
        BlasThreads blas = new BlasThreads();
        int before = blas.get();
        blas.set(1);
        try {
            work.run();
        } finally {
            blas.set(before);
        }
    }
}
