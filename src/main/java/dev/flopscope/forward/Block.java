package dev.flopscope.forward;

import dev.flopscope.backend.Tensor;
import dev.flopscope.config.BlockConfig.Arrangement;
import dev.flopscope.forward.Activations.Buffer;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import java.util.Optional;

/**
 * One layer: {@code x += attention(norm(x))}, then {@code x += feedForward(norm(x))} (Touvron et al. 2023, §2.2), or with the
 * norms elsewhere.
 *
 * @param layer its number
 * @param arrangement where the norms stand
 * @param attentionNorm the norm of attention
 * @param attention the attention
 * @param feedForwardNorm the norm of the feed-forward network
 * @param feedForward the feed-forward network
 * @param after the norms behind both, in a block that has norms before and behind
 */
record Block(
        int layer,
        Arrangement arrangement,
        Norm attentionNorm,
        SelfAttention attention,
        Norm feedForwardNorm,
        FeedForward feedForward,
        Optional<After> after) {
    /** Norms behind the two halves. */
    record After(Norm attention, Norm feedForward) {}

    /**
     * Runs the layer.
     *
     * @param x the residual stream, (B·queries, D); modified
     * @param normed of the same size; overwritten
     */
    void forward(Pass pass, Tensor x, Tensor normed) {
        boolean parallel = arrangement == Arrangement.PARALLEL;
        Tensor attended = parallel ? pass.buffer(Buffer.PARALLEL, Math.toIntExact(x.columns())) : normed;
        pass.context().scope(Scope.LAYER, layer, () -> {
            pass.context().scope(Scope.ATTENTION, layer, () -> {
                attention.forward(pass, before(pass, attentionNorm, x, normed), attended);
                behind(pass, attentionNorm, after.map(After::attention), attended);
                if (!parallel) {
                    add(pass, x, attended);
                }
            });
            pass.context().scope(Scope.FEED_FORWARD, layer, () -> {
                Tensor result = feedForward.forward(pass, before(pass, feedForwardNorm, x, normed), normed);
                behind(pass, feedForwardNorm, after.map(After::feedForward), result);
                if (parallel) {
                    add(pass, x, attended);
                }
                add(pass, x, result);
            });
        });
    }

    /** What a half reads. */
    private Tensor before(Pass pass, Norm norm, Tensor x, Tensor normed) {
        if (arrangement == Arrangement.POST_NORM) {
            return x;
        }
        norm.forward(pass, x, normed);
        return normed;
    }

    private void behind(Pass pass, Norm norm, Optional<Norm> second, Tensor result) {
        if (arrangement == Arrangement.POST_NORM) {
            norm.forward(pass, result, result);
        }
        second.ifPresent(behind -> behind.forward(pass, result, result));
    }

    private void add(Pass pass, Tensor x, Tensor update) {
        pass.operator(Operator.RESIDUAL, layer, () -> pass.operators().add(x, update));
    }
}
