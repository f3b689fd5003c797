package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The closed form of every product of a pass over B sequences of T tokens.
 *
 * <p>Convention: matrix products only, a multiply-add is 2 FLOPs, attention is dense, T×T, masked after the product,
 * unless an algorithm that skips masked tiles is asked for. The
 * forms are those of Kaplan et al. 2020, table 1, before its approximations, with the feed-forward network of Shazeer 2020
 * and the grouped heads of Ainslie et al. 2023.
 */
final class ProductFormulas {
    private final ModelConfig model;
    private final long batch;
    private final long tokens;
    private final Attention attention;
    private final ScoreTiles tiles;

    ProductFormulas(ModelConfig model, int batch, int tokens, Attention attention) {
        this.model = model;
        this.batch = batch;
        this.tokens = tokens;
        this.attention = attention;
        this.tiles = ScoreTiles.of(attention, tokens);
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

    /**
     * Q·Kᵀ: for each of B·H heads, a product (R, d)·(d, C) a tile, so 2·d FLOPs a score. Dense algorithms compute T² scores
     * a head, so 2·B·H·T²·d FLOPs a layer whatever the tiles, with grouped heads too; a causal one computes S(R, C) of them.
     */
    private KindAccount scores() {
        return perTile(
                MatmulKind.ATTN_SCORES,
                (size, calls) -> new ProductShape(size.rows(), model.headDim(), size.columns(), calls));
    }

    /** P·V: for each of B·H heads, a product (R, C)·(C, d) a tile, so 2·d FLOPs a score again. */
    private KindAccount values() {
        return perTile(
                MatmulKind.ATTN_VALUES,
                (size, calls) -> new ProductShape(size.rows(), size.columns(), model.headDim(), calls));
    }

    private KindAccount perTile(MatmulKind kind, BiFunction<ScoreTiles.Size, Long, ProductShape> shapeOf) {
        long heads = Exact.product(batch, model.numHeads());
        List<ProductShape> shapes = tiles.tiles().entrySet().stream()
                .map(entry -> shapeOf.apply(entry.getKey(), Exact.product(heads, entry.getValue())))
                .toList();
        ProductShape largest = shapes.get(0);
        boolean causal = attention.skipsMaskedTiles();
        long scores = causal ? tiles.scores() : Exact.product(tokens, tokens);
        return new KindAccount(
                kind,
                model.numLayers(),
                Exact.sum(shapes.stream().mapToLong(ProductShape::calls).toArray()),
                largest.m(),
                largest.k(),
                largest.n(),
                causal ? "2·B·H·S(R,C)·d" : "2·B·H·T²·d",
                Exact.product(2, heads, scores, model.headDim()),
                shapes);
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
