package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.LatentConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
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
    /**
     * Two matrices of D·H·d for queries and output, and two of D·K·d for keys and values. In multi-head latent attention a matrix
     * to the narrow vectors and one from them instead.
     */
    long parameters() {
        long output = Exact.product(heads.outputWidth(), dModel);
        if (heads.latent().isEmpty()) {
            return Exact.sum(
                    Exact.product(dModel, heads.queryWidth()),
                    Exact.product(dModel, heads.keyWidth()),
                    Exact.product(dModel, heads.valueWidth()),
                    output);
        }
        LatentConfig latent = heads.latent().get();
        OptionalInt rank = latent.queryRank();
        long queries = rank.isEmpty()
                ? Exact.product(dModel, heads.queryWidth())
                : Exact.product(rank.getAsInt(), Exact.sum(dModel, heads.queryWidth()));
        return Exact.sum(
                queries,
                Exact.product(dModel, latent.downWidth()),
                Exact.product(latent.rank(), upWidth(latent)),
                output);
    }

    /** Keys without position and values of all heads. */
    private long upWidth(LatentConfig latent) {
        return Exact.product(heads.numHeads(), latent.unfoldedWidth(heads));
    }

    /** Biases of projections, and the sinks of heads that have them. */
    long biases() {
        long output = heads.outputBias() ? dModel : 0;
        long sinks = heads.sinks() ? heads.numHeads() : 0;
        long input = heads.latent()
                .map(latent -> Exact.sum(latent.queryRank().orElse(0), latent.rank(), latent.rotaryWidth()))
                .orElseGet(() -> Exact.sum(heads.queryWidth(), heads.keyWidth(), heads.valueWidth()));
        return Exact.sum(heads.inputBias() ? input : 0, output, sinks);
    }

    /** Parameters of the norms within attention. */
    long norms() {
        long queriesAndKeys = heads.queryKeyNorm()
                .map(norm -> norm.perHead()
                        ? Exact.product(2, new NormForms(norm.norm(), heads.headDim()).parameters())
                        : Exact.sum(
                                new NormForms(norm.norm(), heads.queryWidth()).parameters(),
                                new NormForms(norm.norm(), heads.keyWidth()).parameters()))
                .orElse(0L);
        long narrow = heads.latent()
                .map(latent -> Exact.sum(
                        latent.queryRank().orElse(0), new NormForms(latent.norm(), latent.rank()).parameters()))
                .orElse(0L);
        return Exact.sum(queriesAndKeys, narrow);
    }

    /** Widths of the buffers that hold one row of a pass, by name. */
    List<MemoryAccount.Width> buffers() {
        List<MemoryAccount.Width> buffers = new ArrayList<>(List.of(
                new MemoryAccount.Width("queries", heads.queryWidth()),
                new MemoryAccount.Width("keys", heads.keyWidth()),
                new MemoryAccount.Width("values", heads.valueWidth()),
                new MemoryAccount.Width("attention", heads.outputWidth())));
        heads.latent().ifPresent(latent -> {
            latent.queryRank().ifPresent(rank -> buffers.add(new MemoryAccount.Width("latent queries", rank)));
            buffers.add(new MemoryAccount.Width("latent keys and values", latent.downWidth()));
            buffers.add(new MemoryAccount.Width("narrow", latent.rank()));
            buffers.add(new MemoryAccount.Width("unfolded", upWidth(latent)));
        });
        return buffers;
    }

    /** The products of one layer, in the order of a pass. */
    List<ProductForm> products(Phase phase, Attention attention) {
        Map<ScoreTiles.Size, Long> calls = new TreeMap<>();
        phase.chunks().forEach(chunk -> addCalls(chunk, attention, calls));
        List<ProductForm> products = new ArrayList<>(projections(phase));
        products.add(overScores(MatmulKind.ATTN_SCORES, phase, attention, calls));
        products.add(overScores(MatmulKind.ATTN_VALUES, phase, attention, calls));
        products.add(Projection.of(MatmulKind.O_PROJ, phase, "H·" + value() + "·D", heads.outputWidth(), dModel));
        return products;
    }

    private List<ProductForm> projections(Phase phase) {
        if (heads.latent().isEmpty()) {
            return List.of(
                    Projection.of(MatmulKind.Q_PROJ, phase, "D·H·d", dModel, heads.queryWidth()),
                    Projection.of(MatmulKind.K_PROJ, phase, "D·K·d", dModel, heads.keyWidth()),
                    Projection.of(MatmulKind.V_PROJ, phase, "D·K·d", dModel, heads.valueWidth()));
        }
        LatentConfig latent = heads.latent().get();
        List<ProductForm> products = new ArrayList<>();
        if (latent.queryRank().isEmpty()) {
            products.add(Projection.of(MatmulKind.Q_PROJ, phase, "D·H·d", dModel, heads.queryWidth()));
        } else {
            long rank = latent.queryRank().getAsInt();
            products.add(Projection.of(MatmulKind.Q_DOWN_PROJ, phase, "D·R_q", dModel, rank));
            products.add(Projection.of(MatmulKind.Q_UP_PROJ, phase, "R_q·H·d", rank, heads.queryWidth()));
        }
        long down = latent.downWidth();
        products.add(Projection.of(MatmulKind.KV_DOWN_PROJ, phase, "D·(R+d_r)", dModel, down));
        products.add(Projection.of(MatmulKind.KV_UP_PROJ, phase, "R·H·(d−d_r+d_v)", latent.rank(), upWidth(latent)));
        return products;
    }

    private String value() {
        return heads.valueDim() == heads.headDim() ? "d" : "d_v";
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
        boolean ofKeys = kind == MatmulKind.ATTN_SCORES;
        return new ProductForm(
                kind,
                "2·B·H·" + positions + "·" + (ofKeys ? "d" : value()),
                Exact.product(2, scores, ofKeys ? heads.headDim() : heads.valueDim()),
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
                : new ProductShape(size.rows(), size.columns(), heads.valueDim(), calls);
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
        return Exact.product(2, phase.batch(), heads.numHeads(), scores, Exact.sum(heads.headDim(), heads.valueDim()));
    }

    /** FLOPs of the scores and values if each query met as many positions as its window has, T at most, in one layer. */
    long bandFlops(Phase phase) {
        long seen = Math.min(heads.window().orElse(phase.end()), phase.end());
        return Exact.product(
                2, new Tokens(phase).all(), heads.numHeads(), seen, Exact.sum(heads.headDim(), heads.valueDim()));
    }
}
