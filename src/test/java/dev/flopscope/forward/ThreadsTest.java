package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.Matrices;
import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.run.PreparedModel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Threads of kernels alone. Threads of BLAS changed no bit either where that was tried (OpenBLAS 0.3.19, SkylakeX kernel, 2
 * to 4 threads), but OpenBLAS promises nothing of the kind, so {@link TransformerTest} asks of them what is certain: that
 * logits stay within the bound of rounding.
 */
class ThreadsTest {
    private static final int BATCH = 2;
    private static final int TOKENS = 67;

    /** Rows are independent and every sum within one has a fixed order, so threads of kernels cannot show. */
    @ParameterizedTest
    @EnumSource
    void threadsOfKernelsChangeNoBit(FeedForward feedForward) {
        int[][] one = bits(feedForward, 1);
        assertThat(bits(feedForward, 2)).isDeepEqualTo(one);
        assertThat(bits(feedForward, 3)).isDeepEqualTo(one);
    }

    /** Logits with so many threads for kernels, and one, globally, for a product. */
    private static int[][] bits(FeedForward feedForward, int kernelThreads) {
        ModelConfig model = new ModelConfig("wide", 301, 128, 2, 130, 5, 5, 26, 390, false, feedForward, 10_000, 1e-5);
        int[] ids = Pass.ids(model, BATCH, TOKENS);
        try (PreparedModel prepared = Pass.prepare(model, kernelThreads)) {
            Nd4j.factory().blas().setMaxThreads(1);
            return Matrices.bits(Pass.logits(prepared, BATCH, TOKENS, ids, new Nd4jMatmul()));
        }
    }
}
