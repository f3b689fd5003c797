package dev.flopscope.time;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a stretch of wall time went, in nanoseconds. Of spans that ran side by side on n threads each counts for an n-th.
 *
 * @param products time inside products, by site
 * @param operators time between products, by operator and layer
 * @param waiting of the time that n threads worked side by side, what no span of theirs accounts for: the wait for the last
 *     of them to end, and their way from span to span
 */
public record Times(SortedMap<MatmulSite, Long> products, SortedMap<OperatorSite, Long> operators, long waiting) {
    /** Keeps copies. */
    public Times {
        products = Collections.unmodifiableSortedMap(new TreeMap<>(products));
        operators = Collections.unmodifiableSortedMap(new TreeMap<>(operators));
    }

    /** Inside the products at {@code site}; 0 if there were none. */
    public long product(MatmulSite site) {
        return products.getOrDefault(site, 0L);
    }

    /** Inside the products of {@code kind}, in all layers. */
    public long products(MatmulKind kind) {
        return products.entrySet().stream()
                .filter(entry -> entry.getKey().kind() == kind)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Inside all products. */
    public long allProducts() {
        return sum(products);
    }

    /** In {@code operator}, in all layers and outside them. */
    public long operator(Operator operator) {
        return operators.entrySet().stream()
                .filter(entry -> entry.getKey().operator() == operator)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** In all operators of {@code layer}. */
    public long operatorsOf(int layer) {
        return operators.entrySet().stream()
                .filter(entry -> entry.getKey().layer() == layer)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The operators that happened, in the order a pass meets them. */
    public List<Operator> operatorsUsed() {
        return Arrays.stream(Operator.values())
                .filter(operator -> operators.keySet().stream().anyMatch(site -> site.operator() == operator))
                .toList();
    }

    /** In all operators. */
    public long allOperators() {
        return sum(operators);
    }

    /** Products, operators and waiting: what of the wall time has a name. The rest is unexplained. */
    public long explained() {
        return allProducts() + allOperators() + waiting;
    }

    private static long sum(Map<?, Long> nanoseconds) {
        return nanoseconds.values().stream().mapToLong(Long::longValue).sum();
    }
}
