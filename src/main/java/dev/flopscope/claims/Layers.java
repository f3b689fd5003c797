package dev.flopscope.claims;

import dev.flopscope.claims.Ledger.Product;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.ParameterAccount.Block;
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
import java.util.function.UnaryOperator;

/**
 * Blocks that are the same. All but the count is of one of them.
 *
 * @param count how many there are
 * @param products by kind; no entry where the block has no such product
 * @param attention parameters of attention
 * @param feedForward parameters of the feed-forward network
 * @param norms parameters of the norms
 * @param cache elements of keys and values that the cache holds for all tokens
 */
record Layers(
        int count,
        Map<MatmulKind, Product> products,
        Fraction attention,
        Fraction feedForward,
        Fraction norms,
        Fraction cache) {
    static final Set<MatmulKind> PROJECTIONS = Set.of(
            MatmulKind.Q_PROJ,
            MatmulKind.K_PROJ,
            MatmulKind.V_PROJ,
            MatmulKind.O_PROJ,
            MatmulKind.Q_DOWN_PROJ,
            MatmulKind.Q_UP_PROJ,
            MatmulKind.KV_DOWN_PROJ,
            MatmulKind.KV_UP_PROJ);
    static final Set<MatmulKind> ATTENTION_PRODUCTS = Set.of(MatmulKind.ATTN_SCORES, MatmulKind.ATTN_VALUES);
    static final Set<MatmulKind> FEED_FORWARD = Set.of(
            MatmulKind.FFN_GATE,
            MatmulKind.FFN_UP,
            MatmulKind.FFN_DOWN,
            MatmulKind.ROUTER,
            MatmulKind.SHARED_ROUTER,
            MatmulKind.SHARED_GATE,
            MatmulKind.SHARED_UP,
            MatmulKind.SHARED_DOWN);
    private static final Set<MatmulKind> CACHED = Set.of(MatmulKind.K_PROJ, MatmulKind.V_PROJ, MatmulKind.KV_UP_PROJ);

    /** Keeps a copy of the map. */
    Layers {
        products = Map.copyOf(products);
    }

    Product product(MatmulKind kind) {
        return products.getOrDefault(kind, Product.NONE);
    }

    /** With other products, and parameters and cache that follow them in proportion. */
    Layers with(Map<MatmulKind, Product> changed) {
        Layers bare = new Layers(count, changed, attention, feedForward, norms, cache);
        return new Layers(
                count,
                changed,
                attention.times(growth(bare, PROJECTIONS, Product::multiplyAdds)),
                feedForward.times(growth(bare, FEED_FORWARD, Product::multiplyAdds)),
                norms,
                cache.times(growth(bare, CACHED, Product::results)));
    }

    /** With the products of {@code kinds} changed; kinds that the block lacks stay out. */
    Layers with(Collection<MatmulKind> kinds, UnaryOperator<Product> change) {
        Map<MatmulKind, Product> changed = new EnumMap<>(products);
        kinds.forEach(kind -> changed.computeIfPresent(kind, (unused, product) -> change.apply(product)));
        return with(changed);
    }

    private Fraction growth(Layers other, Set<MatmulKind> kinds, Function<Product, Fraction> extent) {
        Fraction before = sum(kinds, extent);
        return before.signum() == 0 ? Fraction.ONE : other.sum(kinds, extent).over(before);
    }

    /** Adds up something of the products of {@code kinds}. */
    Fraction sum(Collection<MatmulKind> kinds, Function<Product, Fraction> extent) {
        return kinds.stream().map(this::product).map(extent).reduce(Fraction.ZERO, Fraction::plus);
    }

    Layers withNorms(Fraction other) {
        return new Layers(count, products, attention, feedForward, other, cache);
    }

    Layers withCache(Fraction other) {
        return new Layers(count, products, attention, feedForward, norms, other);
    }

    /** The blocks of an account, the same ones together. */
    static List<Layers> of(Account account) {
        Map<Map.Entry<List<ProductForm>, Block>, Integer> counts = new LinkedHashMap<>();
        List<List<ProductForm>> forms = account.prefill().layers();
        for (int layer = 0; layer < forms.size(); layer++) {
            Block block = account.parameters().layers().get(layer);
            counts.merge(Map.entry(forms.get(layer), block), 1, Integer::sum);
        }
        List<Layers> layers = new ArrayList<>();
        counts.forEach((block, count) -> layers.add(of(count, block.getKey(), block.getValue())));
        Fraction derived =
                layers.stream().map(group -> group.cache().times(group.count())).reduce(Fraction.ZERO, Fraction::plus);
        Fraction actual = Fraction.of(account.memory().kvCacheBytes()).over(Ledger.FLOAT_BYTES);
        return layers.stream()
                .map(group -> group.withCache(group.cache().times(actual).over(derived)))
                .toList();
    }

    /** The cache is as large as the results of k_proj and v_proj, until all layers are held against the account's. */
    private static Layers of(int count, List<ProductForm> forms, Block block) {
        Map<MatmulKind, Product> products = new EnumMap<>(MatmulKind.class);
        forms.forEach(form -> products.put(form.kind(), Product.of(form)));
        Layers layers = new Layers(
                count,
                products,
                Fraction.of(block.attention()),
                Fraction.of(block.feedForward()),
                Fraction.of(block.norms()).plus(Fraction.of(block.biases())),
                Fraction.ZERO);
        return layers.withCache(layers.sum(CACHED, Product::results));
    }
}
