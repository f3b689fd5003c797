package dev.flopscope.claims;

import dev.flopscope.polynomial.Fraction;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One model counted as if by hand, from the numbers of its config alone, with whatever slips are planted: the witness of what
 * a claim is under a convention. It shares no code with the closed forms.
 */
final class PaperCount {
    static final long T = 128;
    static final long V = 1009;
    static final long L = 3;
    static final long D = 96;
    static final long H = 12;

    final boolean tied;
    final BigDecimal tokens = number(T);

    /** Heads, and widths of a head: those of projections apart from those of attention's products. */
    BigDecimal queryHeads = number(H);

    BigDecimal scoreHeads = number(H);
    BigDecimal keyValueHeads;
    BigDecimal projectedWidth;
    BigDecimal scoreWidth;

    BigDecimal feedForwardWidth;
    long inwardProducts;
    boolean outputProjection = true;
    long keyValueProjections = 2;
    long layers = L;
    long vocabulary = V;
    boolean elementwise;

    /** Times that each of attention's products is counted, and the share of its scores. */
    long scores = 1;

    long values = 1;
    BigDecimal shareOfScores = BigDecimal.ONE;

    BigDecimal headRows = tokens;
    boolean embeddingProduct;

    long embeddings = 1;
    long heads;
    long norms = 1;

    BigDecimal cacheShare = BigDecimal.ONE;
    BigDecimal bytes = number(4);
    BigDecimal gigabyte = number(1_000_000_000);
    BigDecimal gibibyte = number(1 << 30);

    BigDecimal factor = BigDecimal.ONE;
    BigDecimal training = BigDecimal.ONE;
    long notAdded;
    BigDecimal tokensShare = BigDecimal.ONE;

    /** N, where the work is taken as 2·N·T. */
    @Nullable
    Supplier<BigDecimal> parametersForWork;

    boolean attentionAdded = true;

    private PaperCount(boolean tied, int keyValueHeads, int headWidth, int feedForwardWidth, int inwardProducts) {
        this.tied = tied;
        this.heads = tied ? 0 : 1;
        this.keyValueHeads = number(keyValueHeads);
        this.projectedWidth = number(headWidth);
        this.scoreWidth = number(headWidth);
        this.feedForwardWidth = number(feedForwardWidth);
        this.inwardProducts = inwardProducts;
    }

    /** K 4, d 20 where D/H is 8, F 250 with a gate, untied. */
    static PaperCount grouped() {
        return new PaperCount(false, 4, 20, 250, 2);
    }

    /** K 12, d 8, F 250 without a gate, tied. */
    static PaperCount plain() {
        return new PaperCount(true, 12, 8, 250, 1);
    }

    Map<String, BigDecimal> quantities() {
        BigDecimal total = total();
        BigDecimal weights = parameters().multiply(bytes);
        BigDecimal cache = number(keyValueProjections * layers * T)
                .multiply(keyValueHeads)
                .multiply(projectedWidth)
                .multiply(cacheShare)
                .multiply(tokensShare)
                .multiply(bytes);
        return Map.of(
                "total", total,
                "lm_head", head(),
                "attention_products", attention(),
                "feed_forward", feedForward(),
                "parameters", parameters(),
                "weights.gib", Fraction.of(weights).over(Fraction.of(gibibyte)).decimal(),
                "weights.gb", Fraction.of(weights).over(Fraction.of(gigabyte)).decimal(),
                "kv_cache_bytes", cache,
                "kv_cache.gib", Fraction.of(cache).over(Fraction.of(gibibyte)).decimal());
    }

    private BigDecimal total() {
        BigDecimal extra =
                (embeddingProduct ? work(number(T * D), number(vocabulary)) : BigDecimal.ZERO).add(elements());
        if (parametersForWork != null) {
            return counted(number(2 * T).multiply(parametersForWork.get()))
                    .add(attentionAdded ? attention() : BigDecimal.ZERO)
                    .add(extra);
        }
        return projections().add(attention()).add(feedForward()).add(head()).add(extra);
    }

    /** 1 a score, 5 an element of a norm, 1 an activation and 1 a product with a gate. */
    private BigDecimal elements() {
        BigDecimal pairs =
                number(T * T).multiply(scoreHeads).multiply(shareOfScores).multiply(number(scores));
        BigDecimal inner = tokens.multiply(feedForwardWidth).multiply(number(inwardProducts));
        BigDecimal all = number(layers)
                .multiply(pairs.add(number(5 * 2 * T * D)).add(inner))
                .add(number(5 * T * D));
        return elementwise ? counted(all) : BigDecimal.ZERO;
    }

    /** FLOPs of so many results, each a sum of so many products. */
    private BigDecimal work(BigDecimal results, BigDecimal terms) {
        return counted(results.multiply(terms.add(terms).subtract(number(notAdded))));
    }

    private BigDecimal counted(BigDecimal flops) {
        return flops.multiply(factor).multiply(training).multiply(tokensShare);
    }

    private BigDecimal projections() {
        BigDecimal queries = queryHeads.multiply(projectedWidth);
        BigDecimal keys = keyValueHeads.multiply(projectedWidth);
        BigDecimal flops = work(tokens.multiply(queries), number(D))
                .add(work(tokens.multiply(keys), number(D)).multiply(number(keyValueProjections)));
        return number(layers).multiply(outputProjection ? flops.add(work(number(T * D), queries)) : flops);
    }

    private BigDecimal attention() {
        BigDecimal pairs = number(T * T).multiply(scoreHeads).multiply(shareOfScores);
        BigDecimal flops = work(pairs, scoreWidth)
                .multiply(number(scores))
                .add(work(tokens.multiply(scoreWidth).multiply(scoreHeads).multiply(shareOfScores), tokens)
                        .multiply(number(values)));
        return number(layers).multiply(flops);
    }

    private BigDecimal feedForward() {
        return number(layers)
                .multiply(work(tokens.multiply(feedForwardWidth), number(D))
                        .multiply(number(inwardProducts))
                        .add(work(number(T * D), feedForwardWidth)));
    }

    private BigDecimal head() {
        return work(headRows.multiply(number(vocabulary)), number(D));
    }

    BigDecimal parameters() {
        return blocks().add(number((embeddings + heads) * vocabulary * D)).add(number(norms * D));
    }

    BigDecimal matrices() {
        return blockMatrices().add(number((embeddings + heads) * vocabulary * D));
    }

    BigDecimal blocks() {
        return blockMatrices().add(number(norms * layers * 2 * D));
    }

    BigDecimal blockMatrices() {
        BigDecimal queries = queryHeads.multiply(number(outputProjection ? 2 : 1));
        BigDecimal attention =
                queries.add(keyValueHeads.multiply(number(keyValueProjections))).multiply(projectedWidth);
        BigDecimal inner = feedForwardWidth.multiply(number(inwardProducts + 1));
        return number(layers * D).multiply(attention.add(inner));
    }

    /** What a token is multiplied by. */
    BigDecimal multiplied() {
        return blockMatrices().add(number(vocabulary * D).multiply(headRows).divide(tokens));
    }

    /** D/H, where the heads are those of the projections. */
    BigDecimal derivedWidth() {
        return number(D).divide(queryHeads);
    }

    static BigDecimal number(long value) {
        return BigDecimal.valueOf(value);
    }
}
