package dev.flopscope.audit;

import dev.flopscope.Matrices;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flops.Account;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.run.PreparedModel;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Passes that ask for the wrong products: each fault sits above the interceptor, as if the transformer were wrong. What is
 * planted is a {@link Matmul} around the counted one.
 */
final class FaultyPasses implements AutoCloseable {
    static final int BATCH = 2;
    static final int TOKENS = 5;

    private final Nd4jRuntime runtime = Nd4jRuntime.start(1);
    private final MatrixAllocator memory = new MatrixAllocator(runtime);

    /** Counts a pass of {@code model} with {@code fault} planted, and holds it against the sound closed form. */
    Reconciliation reconcile(ModelConfig model, UnaryOperator<Matmul> fault) {
        FlopTally tally = new FlopTally();
        try (PreparedModel prepared =
                PreparedModel.prepare(model, WeightsMode.FULL, 1, 1, Engine.OPENBLAS, done -> {})) {
            Matmul counted = new CountingMatmul(new Nd4jMatmul(), tally);
            prepared.transformer(BATCH, TOKENS, Attention.full(), fault.apply(counted))
                    .forward(new int[BATCH * TOKENS], done -> {});
        }
        return Reconciliation.of(Account.of(model, BATCH, TOKENS), tally.snapshot(), List.of());
    }

    /** Does nothing at one site. */
    static Matmul leaveOut(Matmul counted, MatmulSite where) {
        return with(counted, where, () -> {});
    }

    /** Does the product at one site twice. */
    static Matmul repeat(Matmul counted, MatmulSite where) {
        return (site, left, right, rightIs, result) -> {
            counted.multiply(site, left, right, rightIs, result);
            if (site.equals(where)) {
                counted.multiply(site, left, right, rightIs, result);
            }
        };
    }

    /** Does {@code instead} at one site. */
    static Matmul with(Matmul counted, MatmulSite where, Runnable instead) {
        return (site, left, right, rightIs, result) -> {
            if (site.equals(where)) {
                instead.run();
            } else {
                counted.multiply(site, left, right, rightIs, result);
            }
        };
    }

    /** Does {@code also} after the product at one site. */
    static Matmul also(Matmul counted, MatmulSite where, Runnable also) {
        return (site, left, right, rightIs, result) -> {
            counted.multiply(site, left, right, rightIs, result);
            if (site.equals(where)) {
                also.run();
            }
        };
    }

    /** An (m×k)·(k×n) product of ones at {@code site}. */
    void ones(Matmul counted, MatmulSite site, int m, int k, int n) {
        counted.multiply(
                site,
                Matrices.filled(memory, m, k, 1).array(),
                Matrices.filled(memory, k, n, 1).array(),
                Right.AS_IS,
                Matrices.filled(memory, m, n, 0).array());
    }

    /** Leaves out the third head of the second sequence in layer 1. */
    static final class HeadMissing implements Matmul {
        private static final int MISSING = 4 + 2;

        private final Matmul counted;
        private int scores;
        private int values;

        HeadMissing(Matmul counted) {
            this.counted = counted;
        }

        @Override
        public void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
            boolean leftOut = false;
            if (site.equals(new MatmulSite(MatmulKind.ATTN_SCORES, 1))) {
                leftOut = scores++ == MISSING;
            } else if (site.equals(new MatmulSite(MatmulKind.ATTN_VALUES, 1))) {
                leftOut = values++ == MISSING;
            }
            if (!leftOut) {
                counted.multiply(site, left, right, rightIs, result);
            }
        }
    }

    @Override
    public void close() {
        memory.close();
        runtime.close();
    }
}
