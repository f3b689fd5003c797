package dev.flopscope.convention;

import dev.flopscope.convention.Ledger.Product;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.Elements;
import dev.flopscope.flops.ParameterAccount.Block;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.flops.ProductForm;
import dev.flopscope.polynomial.Fraction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * Blocks that are the same. All but the count is of one of them.
 *
 * @param count how many there are
 * @param products by kind; no entry where the block has no such product
 * @param tokens rows of all results of a projection
 * @param experts of a mixture, how many there are for each that a token has, E/k; else 1
 * @param idleBiases of a mixture, the biases of the experts that a token does not use
 * @param norms parameters of the norms
 * @param biases all biases
 * @param cache elements of keys and values that the cache holds for all tokens
 * @param elements what is done element by element, and what a mask leaves
 */
public record Layers(
        int count,
        Map<MatmulKind, Product> products,
        Fraction tokens,
        Fraction experts,
        Fraction idleBiases,
        Fraction norms,
        Fraction biases,
        Fraction cache,
        Elementwise elements) {
    /** The products of attention with a weight. */
    public static final Set<MatmulKind> PROJECTIONS = Set.of(
            MatmulKind.Q_PROJ,
            MatmulKind.K_PROJ,
            MatmulKind.V_PROJ,
            MatmulKind.O_PROJ,
            MatmulKind.Q_DOWN_PROJ,
            MatmulKind.Q_UP_PROJ,
            MatmulKind.KV_DOWN_PROJ,
            MatmulKind.KV_UP_PROJ);

    /** The products of attention without a weight. */
    public static final Set<MatmulKind> ATTENTION_PRODUCTS = Set.of(MatmulKind.ATTN_SCORES, MatmulKind.ATTN_VALUES);

    /** The products of experts, or of a network that has none. */
    static final Set<MatmulKind> OF_EXPERTS = Set.of(MatmulKind.FFN_GATE, MatmulKind.FFN_UP, MatmulKind.FFN_DOWN);

    static final Set<MatmulKind> OF_SHARED_EXPERTS =
            Set.of(MatmulKind.SHARED_ROUTER, MatmulKind.SHARED_GATE, MatmulKind.SHARED_UP, MatmulKind.SHARED_DOWN);

    /** The products of the feed-forward network. */
    public static final Set<MatmulKind> FEED_FORWARD = Set.of(
            MatmulKind.FFN_GATE,
            MatmulKind.FFN_UP,
            MatmulKind.FFN_DOWN,
            MatmulKind.ROUTER,
            MatmulKind.SHARED_ROUTER,
            MatmulKind.SHARED_GATE,
            MatmulKind.SHARED_UP,
            MatmulKind.SHARED_DOWN);

    private static final Set<MatmulKind> CACHED = Set.of(MatmulKind.K_PROJ, MatmulKind.V_PROJ, MatmulKind.KV_UP_PROJ);

    /**
     * Means over the layers, whose windows may differ.
     *
     * @param normed elements that go through norms
     * @param useful FLOPs of attention's products that no mask makes useless, by our convention
     * @param band the same if each query met as many positions as its window has
     */
    record Elementwise(Fraction normed, Fraction useful, Fraction band) {}

    /** Keeps a copy of the map. */
    public Layers {
        products = Map.copyOf(products);
    }

    Product product(MatmulKind kind) {
        return products.getOrDefault(kind, Product.NONE);
    }

    /** Parameters of attention's projections: what a token is multiplied by. */
    public Fraction attention() {
        return sum(PROJECTIONS, Product::multiplyAdds).over(tokens);
    }

    /** Parameters of the feed-forward network's matrices; of a mixture, those of all experts. */
    public Fraction feedForward() {
        return sum(FEED_FORWARD, Product::multiplyAdds).over(tokens).plus(idleMatrices());
    }

    /** Of a mixture, the parameters of the experts that a token does not use. */
    public Fraction idle() {
        return idleMatrices().plus(idleBiases);
    }

    private Fraction idleMatrices() {
        return sum(OF_EXPERTS, Product::multiplyAdds).over(tokens).times(experts.minus(Fraction.ONE));
    }

    /** With other products, and a cache that follows them in proportion. */
    Layers with(Map<MatmulKind, Product> changed) {
        Layers bare = new Layers(count, changed, tokens, experts, idleBiases, norms, biases, cache, elements);
        return bare.withCache(cache.times(growth(bare, CACHED, Product::results)));
    }

    /** With the products of {@code kinds} changed; kinds that the block lacks stay out. */
    Layers with(Collection<MatmulKind> kinds, UnaryOperator<Product> change) {
        Map<MatmulKind, Product> changed = new EnumMap<>(MatmulKind.class);
        changed.putAll(products);
        kinds.forEach(kind -> changed.computeIfPresent(kind, (unused, product) -> change.apply(product)));
        return with(changed);
    }

    private Fraction growth(Layers other, Set<MatmulKind> kinds, Function<Product, Fraction> extent) {
        Fraction before = sum(kinds, extent);
        return before.signum() == 0 ? Fraction.ONE : other.sum(kinds, extent).over(before);
    }

    /** Adds up something of the products of {@code kinds}. */
    public Fraction sum(Collection<MatmulKind> kinds, Function<Product, Fraction> extent) {
        return kinds.stream().map(this::product).map(extent).reduce(Fraction.ZERO, Fraction::plus);
    }

    /** Parameters of norms and biases. */
    public Fraction normsAndBiases() {
        return norms.plus(biases);
    }

    Layers withCount(int other) {
        return new Layers(other, products, tokens, experts, idleBiases, norms, biases, cache, elements);
    }

    Layers withBiases(Fraction other) {
        return new Layers(count, products, tokens, experts, idleBiases, norms, other, cache, elements);
    }

    Layers withNorms(Fraction other) {
        return new Layers(count, products, tokens, experts, idleBiases, other, biases, cache, elements);
    }

    private Layers withIdleBiases(Fraction other) {
        return new Layers(count, products, tokens, experts, other, norms, biases, cache, elements);
    }

    Layers withCache(Fraction other) {
        return new Layers(count, products, tokens, experts, idleBiases, norms, biases, other, elements);
    }

    /** With no expert but those that a token has: what is multiplied stays, and there are no more parameters than that. */
    Layers withChosenExpertsAlone() {
        return new Layers(
                count, products, tokens, Fraction.ONE, Fraction.ZERO, norms, biases.minus(idleBiases), cache, elements);
    }

    /** With every token going through every expert. */
    Layers withAllExpertsChosen() {
        Layers all = with(OF_EXPERTS, product -> product.scaled(experts));
        return new Layers(count, all.products, tokens, Fraction.ONE, Fraction.ZERO, norms, biases, cache, elements);
    }

    /** With one expert for each token. */
    Layers withOneExpertChosen() {
        Product of = product(MatmulKind.FFN_DOWN);
        Fraction chosen =
                of.results().over(tokens).over(product(MatmulKind.ROUTER).terms());
        Layers one = with(OF_EXPERTS, product -> product.scaled(Fraction.ONE.over(chosen)));
        return new Layers(
                count, one.products, tokens, experts.times(chosen), idleBiases, norms, biases, cache, elements);
    }

    /** The blocks of a phase, those of the same products and parameters together, whatever their windows. */
    static List<Layers> of(Account account, PhaseAccount phase) {
        record Same(List<ProductForm> forms, Block block) {}
        Map<Same, List<Elements>> groups = new LinkedHashMap<>();
        for (int layer = 0; layer < phase.layers().size(); layer++) {
            groups.computeIfAbsent(
                            new Same(
                                    phase.layers().get(layer),
                                    account.parameters().layers().get(layer)),
                            unused -> new ArrayList<>())
                    .add(Elements.of(account.model(), phase.phase(), layer));
        }
        Fraction tokens = Fraction.of(phase.phase().batch()).times(phase.phase().tokens());
        List<Layers> layers = new ArrayList<>();
        groups.forEach((same, elements) -> layers.add(of(same.forms(), same.block(), tokens, elements)));
        Fraction derived =
                layers.stream().map(group -> group.cache().times(group.count())).reduce(Fraction.ZERO, Fraction::plus);
        Fraction actual = Fraction.of(account.memory().kvCacheBytes()).over(Ledger.FLOAT_BYTES);
        return layers.stream()
                .map(group -> group.withCache(group.cache().times(actual).over(derived)))
                .toList();
    }

    /** The cache is as large as the results of k_proj and v_proj, until all layers are held against the account's. */
    private static Layers of(List<ProductForm> forms, Block block, Fraction tokens, List<Elements> elements) {
        Map<MatmulKind, Product> products = new EnumMap<>(MatmulKind.class);
        forms.forEach(form -> products.put(form.kind(), Product.of(form)));
        Fraction experts = forms.stream()
                .filter(ProductForm::isRouted)
                .findFirst()
                .map(form -> tokens.times(form.experts()).over(form.rows()))
                .orElse(Fraction.ONE);
        Layers layers = new Layers(
                elements.size(),
                products,
                tokens,
                experts,
                Fraction.ZERO,
                Fraction.of(block.norms()),
                Fraction.of(block.biases()),
                Fraction.ZERO,
                new Elementwise(
                        mean(elements, Elements::normed),
                        mean(elements, Elements::usefulFlops),
                        mean(elements, Elements::bandFlops)));
        return layers.withIdleBiases(Fraction.of(block.idle()).minus(layers.idleMatrices()))
                .withCache(layers.sum(CACHED, Product::results));
    }

    private static Fraction mean(List<Elements> elements, ToLongFunction<Elements> number) {
        return elements.stream()
                .map(element -> Fraction.of(number.applyAsLong(element)))
                .reduce(Fraction.ZERO, Fraction::plus)
                .over(elements.size());
    }
}
