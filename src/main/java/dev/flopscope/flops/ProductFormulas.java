package dev.flopscope.flops;

import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import java.util.ArrayList;
import java.util.List;

/**
 * The closed form of every product of a pass over B sequences of T tokens.
 *
 * <p>Convention: matrix products only, a multiply-add is 2 FLOPs, attention is dense, T×T, masked after the product. The
 * forms are those of Kaplan et al. 2020, table 1, before its approximations, with the feed-forward network of Shazeer 2020
 * and the grouped heads of Ainslie et al. 2023.
 */
final class ProductFormulas {
    private final ModelConfig model;
    private final long batch;
    private final long tokens;

    ProductFormulas(ModelConfig model, long batch, long tokens) {
        this.model = model;
        this.batch = batch;
        this.tokens = tokens;
    }

    /**
     * Every kind that the model has, in the order of a pass.
     *
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     */
    List<KindAccount> all() {
        List<KindAccount> kinds = new ArrayList<>(List.of(
                projection(MatmulKind.Q_PROJ, "2·B·T·D·H·d", model.dModel(), model.queryWidth()),
                projection(MatmulKind.K_PROJ, "2·B·T·D·K·d", model.dModel(), model.keyValueWidth()),
                projection(MatmulKind.V_PROJ, "2·B·T·D·K·d", model.dModel(), model.keyValueWidth()),
                scores(),
                values(),
                projection(MatmulKind.O_PROJ, "2·B·T·H·d·D", model.queryWidth(), model.dModel())));
        if (model.feedForward() == FeedForward.SWIGLU) {
            kinds.add(projection(MatmulKind.FFN_GATE, "2·B·T·D·F", model.dModel(), model.dFf()));
        }
        kinds.add(projection(MatmulKind.FFN_UP, "2·B·T·D·F", model.dModel(), model.dFf()));
        kinds.add(projection(MatmulKind.FFN_DOWN, "2·B·T·F·D", model.dFf(), model.dModel()));
        kinds.add(languageModelHead());
        return List.copyOf(kinds);
    }

    /** One product of all B·T tokens with a matrix: (B·T, in)·(in, out), so 2·B·T·in·out FLOPs a layer. */
    private KindAccount projection(MatmulKind kind, String form, long in, long out) {
        return new KindAccount(
                kind,
                model.numLayers(),
                1,
                Exact.product(batch, tokens),
                in,
                out,
                form,
                Exact.product(2, batch, tokens, in, out));
    }

    /** Q·Kᵀ: B·H products of (T, d)·(d, T), so 2·B·H·T²·d FLOPs a layer; with grouped heads too. */
    private KindAccount scores() {
        return new KindAccount(
                MatmulKind.ATTN_SCORES,
                model.numLayers(),
                Exact.product(batch, model.numHeads()),
                tokens,
                model.headDim(),
                tokens,
                "2·B·H·T²·d",
                Exact.product(2, batch, model.numHeads(), tokens, tokens, model.headDim()));
    }

    /** P·V: B·H products of (T, T)·(T, d), so 2·B·H·T²·d FLOPs a layer. */
    private KindAccount values() {
        return new KindAccount(
                MatmulKind.ATTN_VALUES,
                model.numLayers(),
                Exact.product(batch, model.numHeads()),
                tokens,
                tokens,
                model.headDim(),
                "2·B·H·T²·d",
                Exact.product(2, batch, model.numHeads(), tokens, tokens, model.headDim()));
    }

    /** Logits at every position, once: (B·T, D)·(D, V), so 2·B·T·D·V FLOPs, tied or not. */
    private KindAccount languageModelHead() {
        return new KindAccount(
                MatmulKind.LM_HEAD,
                1,
                1,
                Exact.product(batch, tokens),
                model.dModel(),
                model.vocabSize(),
                "2·B·T·D·V",
                Exact.product(2, batch, tokens, model.dModel(), model.vocabSize()));
    }
}
