package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The closed forms of a block's attention.
 *
 * <p>The forms are those of Kaplan et al. 2020, table 1, before its approximations, with the grouped heads of Ainslie et al.
 * 2023. The scores of a chunk of several queries are computed head by head, whole or tile by tile. A chunk of one query has a
 * product for each of B·K key/value heads, of the H/K queries that share it with the positions that the token sees; these are
 * at most as many as a window has.
 */
record AttentionForms(AttentionConfig heads, long dModel) {
    /** Two matrices of D·H·d for queries and output, and two of D·K·d for keys and values. */
    long parameters() {
        return Exact.sum(Exact.product(2, dModel, heads.queryWidth()), Exact.product(2, dModel, heads.keyValueWidth()));
    }

    /** The products of one layer, in the order of a pass. */
    List<ProductForm> products(Phase phase, Attention attention) {
        long queries = heads.queryWidth();
        long keyValues = heads.keyValueWidth();
        Map<ScoreTiles.Size, Long> calls = new TreeMap<>();
        phase.chunks().forEach(chunk -> addCalls(chunk, attention, calls));
        return List.of(
                Projection.of(MatmulKind.Q_PROJ, phase, "D·H·d", dModel, queries),
                Projection.of(MatmulKind.K_PROJ, phase, "D·K·d", dModel, keyValues),
                Projection.of(MatmulKind.V_PROJ, phase, "D·K·d", dModel, keyValues),
                overScores(MatmulKind.ATTN_SCORES, phase, attention, calls),
                overScores(MatmulKind.ATTN_VALUES, phase, attention, calls),
                Projection.of(MatmulKind.O_PROJ, phase, "H·d·D", queries, dModel));
    }

    /**
     * Q·Kᵀ, or P·V: 2·d FLOPs a score. A dense algorithm computes T² scores of each of B·H heads for a prompt in one chunk,
     * and S of them in general; a causal one S(R, C).
     */
    private ProductForm overScores(
            MatmulKind kind, Phase phase, Attention attention, Map<ScoreTiles.Size, Long> calls) {
        Tokens tokens = new Tokens(phase);
        boolean dense = isDense(phase, attention);
        boolean square = dense && phase.past() == 0 && phase.steps() == 1;
        long scores = dense ? Exact.product(phase.batch(), heads.numHeads(), tokens.scores()) : scores(calls);
        String positions = square ? "T²" : dense ? "S" : "S(R,C)";
        return new ProductForm(
                kind,
                "2·B·H·" + positions + "·d",
                Exact.product(2, scores, heads.headDim()),
                calls.entrySet().stream()
                        .map(entry -> shape(kind, entry.getKey(), entry.getValue()))
                        .toList());
    }

    /** Whether every query is computed against all positions up to the end of its chunk. */
    private boolean isDense(Phase phase, Attention attention) {
        boolean oneQueryAtLeastOnce = phase.tokens() % phase.queries() == 1 || phase.queries() == 1;
        boolean windowed = heads.window().isPresent() && heads.window().getAsInt() < phase.end();
        return phase.queries() == 1 ? !windowed : !attention.skipsMaskedTiles() && !(windowed && oneQueryAtLeastOnce);
    }

    private static long scores(Map<ScoreTiles.Size, Long> calls) {
        return Exact.sum(calls.entrySet().stream()
                .mapToLong(entry ->
                        Exact.product(entry.getKey().rows(), entry.getKey().columns(), entry.getValue()))
                .toArray());
    }

    private void addCalls(Chunk chunk, Attention attention, Map<ScoreTiles.Size, Long> calls) {
        if (chunk.queries() == 1) {
            long seen = Math.min(chunk.end(), heads.window().orElse(chunk.end()));
            calls.merge(
                    new ScoreTiles.Size(heads.headsPerKeyValue(), seen),
                    Exact.product(chunk.batch(), heads.numKvHeads()),
                    Math::addExact);
            return;
        }
        long ofAllHeads = Exact.product(chunk.batch(), heads.numHeads());
        ScoreTiles.of(attention, heads, chunk)
                .tiles()
                .forEach((size, count) -> calls.merge(size, Exact.product(ofAllHeads, count), Math::addExact));
    }

    private ProductShape shape(MatmulKind kind, ScoreTiles.Size size, long calls) {
        return kind == MatmulKind.ATTN_SCORES
                ? new ProductShape(size.rows(), heads.headDim(), size.columns(), calls)
                : new ProductShape(size.rows(), size.columns(), heads.headDim(), calls);
    }

    /** FLOPs of the scores and values that neither the causal mask nor the window makes useless, in one layer. */
    long usefulFlops(Phase phase) {
        long window = heads.window().orElse(phase.end());
        long first = Math.min(Math.max(phase.past(), window), phase.end());
        long growing = Exact.sum(
                Exact.product(first - phase.past(), phase.past()),
                Exact.product(first - phase.past(), first - phase.past() + 1) / 2);
        if (phase.past() >= window) {
            growing = 0;
        }
        long scores = Exact.sum(growing, Exact.product(phase.end() - first, window));
        return Exact.product(4, phase.batch(), heads.numHeads(), scores, heads.headDim());
    }
}
