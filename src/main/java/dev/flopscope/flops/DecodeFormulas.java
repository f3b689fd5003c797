package dev.flopscope.flops;

import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The closed form of every product of N tokens decoded one after the other, for each of B sequences of T tokens.
 *
 * <p>A pass takes one token of each sequence, so a projection has B rows. The i-th token sees t = T + i positions: for each
 * of B·K key/value heads, a product of the H/K queries that share it with t keys, and one with t values. Nothing is masked,
 * since nothing later has been computed. Positions seen by all N tokens: S = N·T + N·(N+1)/2.
 */
final class DecodeFormulas {
    private final ModelConfig model;
    private final long batch;
    private final long context;
    private final long tokens;

    DecodeFormulas(ModelConfig model, int batch, int context, int tokens) {
        this.model = model;
        this.batch = batch;
        this.context = context;
        this.tokens = tokens;
    }

    /**
     * Every kind that the model has, in the order of a pass; a kind's layer is that layer in all N passes.
     *
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     */
    List<KindAccount> all() {
        long layers = model.numLayers();
        long queriesPerKey = model.numHeads() / model.numKvHeads();
        List<KindAccount> kinds = new ArrayList<>(List.of(
                projection(MatmulKind.Q_PROJ, layers, "2·N·B·D·H·d", model.dModel(), model.queryWidth()),
                projection(MatmulKind.K_PROJ, layers, "2·N·B·D·K·d", model.dModel(), model.keyValueWidth()),
                projection(MatmulKind.V_PROJ, layers, "2·N·B·D·K·d", model.dModel(), model.keyValueWidth()),
                overPositions(
                        MatmulKind.ATTN_SCORES,
                        seen -> new ProductShape(queriesPerKey, model.headDim(), seen, callsPerToken())),
                overPositions(
                        MatmulKind.ATTN_VALUES,
                        seen -> new ProductShape(queriesPerKey, seen, model.headDim(), callsPerToken())),
                projection(MatmulKind.O_PROJ, layers, "2·N·B·H·d·D", model.queryWidth(), model.dModel())));
        if (model.feedForward() == FeedForward.SWIGLU) {
            kinds.add(projection(MatmulKind.FFN_GATE, layers, "2·N·B·D·F", model.dModel(), model.dFf()));
        }
        kinds.add(projection(MatmulKind.FFN_UP, layers, "2·N·B·D·F", model.dModel(), model.dFf()));
        kinds.add(projection(MatmulKind.FFN_DOWN, layers, "2·N·B·F·D", model.dFf(), model.dModel()));
        kinds.add(projection(MatmulKind.LM_HEAD, 1, "2·N·B·D·V", model.dModel(), model.vocabSize()));
        return List.copyOf(kinds);
    }

    /** N products of B tokens with a matrix: (B, in)·(in, out), so 2·N·B·in·out FLOPs a layer. */
    private KindAccount projection(MatmulKind kind, long layers, String form, long in, long out) {
        return new KindAccount(
                kind, Math.toIntExact(layers), tokens, batch, in, out, form, Exact.product(2, tokens, batch, in, out));
    }

    private long callsPerToken() {
        return Exact.product(batch, model.numKvHeads());
    }

    /** One product a token and key/value head over the t positions that the token sees: 2·B·H·S·d FLOPs a layer. */
    private KindAccount overPositions(MatmulKind kind, LongFunction<ProductShape> shapeSeeing) {
        List<ProductShape> shapes = new ArrayList<>();
        for (long token = tokens; token >= 1; token--) {
            shapes.add(shapeSeeing.apply(context + token));
        }
        ProductShape largest = shapes.get(0);
        long positions = Exact.sum(Exact.product(tokens, context), Exact.product(tokens, tokens + 1) / 2);
        return new KindAccount(
                kind,
                model.numLayers(),
                Exact.product(tokens, callsPerToken()),
                largest.m(),
                largest.k(),
                largest.n(),
                "2·B·H·S·d",
                Exact.product(2, batch, model.numHeads(), positions, model.headDim()),
                shapes);
    }
}
