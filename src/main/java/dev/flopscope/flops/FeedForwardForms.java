package dev.flopscope.flops;

import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.FeedForwardConfig.Experts;
import dev.flopscope.config.FeedForwardConfig.Gated;
import dev.flopscope.config.FeedForwardConfig.Plain;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import java.util.ArrayList;
import java.util.List;

/**
 * The closed forms of a block's feed-forward network: three products of D·F with a gate (Shazeer 2020), two without. Of a
 * mixture, k·B·T rows go through experts whatever the router chooses, and all rows through the router and a shared expert.
 */
record FeedForwardForms(FeedForwardConfig network, long dModel) {
    /** D·F for each matrix; of a mixture, those of all experts, D·E of the router, and those of a shared expert. */
    long parameters() {
        return network instanceof Experts mixture ? ofMixture(mixture, mixture.count()) : matrices(network, dModel);
    }

    /** Parameters of matrices that a forward pass of {@code rows} rows reads at most: no more than k experts a row. */
    long parametersReadBy(long rows) {
        return network instanceof Experts mixture
                ? ofMixture(mixture, Math.min(mixture.count(), Exact.product(rows, mixture.perToken())))
                : parameters();
    }

    private long ofMixture(Experts mixture, long experts) {
        long router = Exact.sum(Exact.product(dModel, mixture.count()), mixture.sharedGated() ? dModel : 0);
        long shared = mixture.sharedWidth().isEmpty()
                ? 0
                : Exact.product(3, dModel, mixture.sharedWidth().getAsInt());
        return Exact.sum(Exact.product(experts, matrices(mixture.expert(), dModel)), router, shared);
    }

    private static long matrices(FeedForwardConfig network, long dModel) {
        return Exact.product(network instanceof Gated ? 3 : 2, dModel, network.width());
    }

    /** A bias for each column of each result that has one; of a router, E, and E for the correction of its choice. */
    long biases() {
        if (network instanceof Experts mixture) {
            long router = Exact.sum(
                    mixture.routerBias() ? mixture.count() : 0,
                    mixture.routing().corrected() ? mixture.count() : 0);
            return Exact.sum(Exact.product(mixture.count(), biases(mixture.expert())), router);
        }
        return biases(network);
    }

    private long biases(FeedForwardConfig each) {
        if (each instanceof Gated gated) {
            return gated.bias() ? Exact.sum(Exact.product(2, gated.width()), dModel) : 0;
        }
        return each instanceof Plain plain && plain.bias() ? Exact.sum(plain.width(), dModel) : 0;
    }

    /** All parameters that one token does not use: those of the experts that are not chosen for it. */
    long idle() {
        return network instanceof Experts mixture
                ? Exact.product(
                        mixture.count() - mixture.perToken(),
                        Exact.sum(matrices(mixture.expert(), dModel), biases(mixture.expert())))
                : 0;
    }

    /** The products of one layer, in the order of a pass. */
    List<ProductForm> products(Phase phase) {
        long width = network.width();
        if (network instanceof Experts mixture) {
            return ofMixture(mixture, phase);
        }
        List<ProductForm> products = new ArrayList<>();
        if (network instanceof Gated) {
            products.add(Projection.of(MatmulKind.FFN_GATE, phase, "D·F", dModel, width));
        }
        products.add(Projection.of(MatmulKind.FFN_UP, phase, "D·F", dModel, width));
        products.add(Projection.of(MatmulKind.FFN_DOWN, phase, "F·D", width, dModel));
        return products;
    }

    private List<ProductForm> ofMixture(Experts mixture, Phase phase) {
        long width = mixture.width();
        List<ProductForm> products = new ArrayList<>(List.of(
                Projection.of(MatmulKind.ROUTER, phase, "D·E", dModel, mixture.count()),
                Projection.ofExperts(MatmulKind.FFN_GATE, phase, "D·F", mixture, dModel, width),
                Projection.ofExperts(MatmulKind.FFN_UP, phase, "D·F", mixture, dModel, width),
                Projection.ofExperts(MatmulKind.FFN_DOWN, phase, "F·D", mixture, width, dModel)));
        mixture.sharedWidth().ifPresent(shared -> {
            if (mixture.sharedGated()) {
                products.add(Projection.of(MatmulKind.SHARED_ROUTER, phase, "D", dModel, 1));
            }
            products.add(Projection.of(MatmulKind.SHARED_GATE, phase, "D·F_s", dModel, shared));
            products.add(Projection.of(MatmulKind.SHARED_UP, phase, "D·F_s", dModel, shared));
            products.add(Projection.of(MatmulKind.SHARED_DOWN, phase, "F_s·D", shared, dModel));
        });
        return products;
    }

    /** Widths of the buffers that hold one row of a pass, by name. */
    List<MemoryAccount.Width> buffers() {
        long width = network instanceof Experts mixture
                ? Math.max(mixture.width(), mixture.sharedWidth().orElse(0))
                : network.width();
        List<MemoryAccount.Width> buffers = new ArrayList<>();
        if (!(network instanceof Plain)) {
            buffers.add(new MemoryAccount.Width("gate", width));
        }
        buffers.add(new MemoryAccount.Width("up", width));
        if (network instanceof Experts mixture) {
            buffers.add(new MemoryAccount.Width("router", mixture.count()));
            buffers.add(new MemoryAccount.Width("expert input", dModel));
            buffers.add(new MemoryAccount.Width("expert output", dModel));
            buffers.add(new MemoryAccount.Width("mixture", dModel));
        }
        return buffers;
    }
}
