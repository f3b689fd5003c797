package dev.flopscope.forward;

import dev.flopscope.backend.Tensor;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.forward.Activations.Buffer;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * What follows the blocks: the final norm and the LM head.
 *
 * @param norm the final norm
 * @param lmHead (V, D)
 * @param softCap what logits are capped at, if they are
 */
record Head(Norm norm, Tensor lmHead, OptionalDouble softCap) {
    /**
     * Computes logits.
     *
     * @param rows of which tokens
     * @param x the residual stream, (B·queries, D)
     * @param normed of the same size; overwritten
     * @return (B·queries, V), or (B, V) if logits of the last tokens alone are wanted
     */
    Tensor forward(Pass pass, LogitsRows rows, Tensor x, Tensor normed) {
        boolean lastAlone = rows == LogitsRows.LAST && pass.activations().has(Buffer.LAST_ROWS);
        Tensor wanted = lastAlone
                ? pass.activations().view(Buffer.LAST_ROWS, pass.chunk().batch(), x.columns())
                : normed;
        Tensor logits = pass.activations().view(Buffer.LOGITS, wanted.rows(), lmHead.rows());
        pass.context().scope(Scope.HEAD, MatmulSite.NO_LAYER, () -> {
            if (lastAlone) {
                pickLastRows(pass, x, wanted);
            }
            norm.forward(pass, lastAlone ? wanted : x, wanted);
            pass.context().products().project(MatmulSite.lmHead(), wanted, lmHead, logits);
            softCap.ifPresent(cap -> pass.operator(
                    Operator.GATE, MatmulSite.NO_LAYER, () -> pass.operators().softCap(logits, cap)));
        });
        return logits;
    }

    private static void pickLastRows(Pass pass, Tensor x, Tensor last) {
        int[] rows = new int[pass.chunk().batch()];
        Arrays.setAll(rows, sequence -> (sequence + 1) * pass.chunk().queries() - 1);
        pass.operator(
                Operator.LAST_ROWS, MatmulSite.NO_LAYER, () -> pass.operators().gather(x, rows, last));
    }
}
