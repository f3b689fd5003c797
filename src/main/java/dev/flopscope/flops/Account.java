package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.MatmulKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that paper says of one pass: products, parameters and memory in closed form.
 *
 * @param model the model
 * @param batch B
 * @param context T
 * @param attention the algorithm of attention and its tiles
 * @param kinds the products, one entry a kind, in the order of a pass
 * @param parameters parameters by part
 * @param memory bytes
 */
public record Account(
        ModelConfig model,
        int batch,
        int context,
        Attention attention,
        List<KindAccount> kinds,
        ParameterAccount parameters,
        MemoryAccount memory) {

    /** What is counted, in words, when attention is dense. */
    public static final String CONVENTION =
            "matrix products only; a multiply-add is 2 FLOPs;" + " attention is dense, T×T, masked after the product";

    private static final String CAUSAL_CONVENTION = "matrix products only; a multiply-add is 2 FLOPs;"
            + " attention skips the tiles of scores that the causal mask empties";

    private static final Set<MatmulKind> PROJECTIONS =
            Set.of(MatmulKind.Q_PROJ, MatmulKind.K_PROJ, MatmulKind.V_PROJ, MatmulKind.O_PROJ);
    private static final Set<MatmulKind> PRODUCTS = Set.of(MatmulKind.ATTN_SCORES, MatmulKind.ATTN_VALUES);
    private static final Set<MatmulKind> FEED_FORWARD =
            Set.of(MatmulKind.FFN_GATE, MatmulKind.FFN_UP, MatmulKind.FFN_DOWN);

    /** Keeps a copy of the list. */
    public Account {
        kinds = List.copyOf(kinds);
    }

    /**
     * Works out the closed forms with dense attention, one product a head.
     *
     * @param model the model
     * @param batch B, at least 1
     * @param context T, at least 1
     * @throws ArithmeticException if a count or a size exceeds 2⁶³−1
     */
    public static Account of(ModelConfig model, int batch, int context) {
        return of(model, batch, context, Attention.full());
    }

    /**
     * Works out the closed forms.
     *
     * @param model the model
     * @param batch B, at least 1
     * @param context T, at least 1
     * @param attention the algorithm of attention and its tiles
     * @throws ArithmeticException if a count or a size exceeds 2⁶³−1
     */
    public static Account of(ModelConfig model, int batch, int context, Attention attention) {
        ParameterAccount parameters = ParameterAccount.of(model);
        Account account = new Account(
                model,
                batch,
                context,
                attention,
                new ProductFormulas(model, batch, context, attention).all(),
                parameters,
                MemoryAccount.of(model, parameters, batch, context, attention));
        account.flops();
        return account;
    }

    /** What is counted, in words; every report prints it. */
    public String convention() {
        return attention.skipsMaskedTiles() ? CAUSAL_CONVENTION : CONVENTION;
    }

    /**
     * FLOPs of the attention products that no mask makes useless: T·(T+1)/2 scores a head, each 2·2·d.
     *
     * @throws ArithmeticException if the count exceeds 2⁶³−1
     */
    public long usefulAttentionFlops() {
        long scores = Exact.product(context, context + 1L) / 2;
        return Exact.product(4, model.numLayers(), batch, model.numHeads(), scores, model.headDim());
    }

    /**
     * The same model and batch at another context.
     *
     * @param tokens T, at least 1
     * @throws ArithmeticException if a count or a size exceeds 2⁶³−1
     */
    public Account atContext(int tokens) {
        return of(model, batch, tokens, attention);
    }

    /**
     * The same pass through a model {@code factor} times as wide: D, H, K and F grow, the width of a head stays.
     *
     * @param factor at least 1
     * @throws ArithmeticException if an extent, a count or a size is too large
     * @throws IllegalArgumentException if H·d exceeds 2³¹−1
     */
    public Account widened(int factor) {
        return of(model.widened(factor), batch, context, attention);
    }

    /** The extents of the pass by their letters: B, T, D, H, K, d, F, V and L. */
    public Map<String, Long> letters() {
        return Map.of(
                "B", (long) batch,
                "T", (long) context,
                "D", (long) model.dModel(),
                "H", (long) model.numHeads(),
                "K", (long) model.numKvHeads(),
                "d", (long) model.headDim(),
                "F", (long) model.dFf(),
                "V", (long) model.vocabSize(),
                "L", (long) model.numLayers());
    }

    /** FLOPs of the pass. */
    public long flops() {
        return components().total();
    }

    /** Bytes that the products of the pass move at the least. */
    public long leastBytes() {
        return Exact.sum(kinds.stream().mapToLong(KindAccount::leastBytes).toArray());
    }

    /** FLOPs of one block. */
    public long blockFlops() {
        return Exact.sum(kinds.stream()
                .filter(account -> account.kind().inEveryLayer())
                .mapToLong(KindAccount::flopsPerLayer)
                .toArray());
    }

    /** FLOPs by component. */
    public Components components() {
        return new Components(
                flopsOf(PROJECTIONS), flopsOf(PRODUCTS), flopsOf(FEED_FORWARD), flopsOf(Set.of(MatmulKind.LM_HEAD)));
    }

    /** The closed form of {@code kind}, if the model has such a product. */
    public Optional<KindAccount> kind(MatmulKind kind) {
        return kinds.stream().filter(account -> account.kind() == kind).findFirst();
    }

    private long flopsOf(Set<MatmulKind> wanted) {
        return Exact.sum(kinds.stream()
                .filter(account -> wanted.contains(account.kind()))
                .mapToLong(KindAccount::flops)
                .toArray());
    }
}
