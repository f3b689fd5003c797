package dev.flopscope.backend;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Does what it is asked for and writes it down, from any number of threads. */
public final class RecordingContext implements ExecutionContext {
    private final Products products;
    private final ConcurrentMap<MatmulSite, ConcurrentMap<String, Long>> calls = new ConcurrentSkipListMap<>();
    private final Collection<String> operators = new ConcurrentLinkedQueue<>();

    /** Writes down what {@code products} are asked for. */
    public RecordingContext(Products products) {
        this.products = products;
    }

    /** Calls at {@code site} by shape, such as {@code 2×3×5}. */
    public Map<String, Long> products(MatmulSite site) {
        return calls.getOrDefault(site, new ConcurrentSkipListMap<>());
    }

    /** Where there were products. */
    public Set<MatmulSite> sites() {
        return calls.keySet();
    }

    /** Operators and their layers, such as {@code softmax 3}, as often as they were told. */
    public Collection<String> operators() {
        return operators;
    }

    @Override
    public Products products() {
        return new Products() {
            @Override
            public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
                products.multiply(site, left, right, rightIs, result);
                add(site, left, result);
            }

            @Override
            public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
                products.project(site, left, weight, result);
                add(site, left, result);
            }
        };
    }

    private void add(MatmulSite site, Tensor left, Tensor result) {
        calls.computeIfAbsent(site, unused -> new ConcurrentSkipListMap<>())
                .merge(result.rows() + "×" + left.columns() + "×" + result.columns(), result.batch(), Long::sum);
    }

    @Override
    public void operator(Operator operator, int layer, Runnable work) {
        work.run();
        operators.add(operator.label() + " " + layer);
    }

    @Override
    public void scope(Scope scope, int layer, Runnable work) {
        work.run();
    }

    @Override
    public void parallel(int threads, Runnable work) {
        work.run();
    }
}
