package dev.flopscope.audit;

import dev.flopscope.Matrices;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.ArrayBackend;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.OtherProducts;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.config.Attention;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flops.Account;
import dev.flopscope.forward.KvCache;
import dev.flopscope.forward.Transformer;
import dev.flopscope.observe.Interceptor;
import dev.flopscope.time.Timeline;
import dev.flopscope.weights.SeededInitializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Passes that ask for the wrong products: each fault sits above the interceptor, as if the transformer were wrong. What is
 * planted goes around the products that are counted.
 */
final class FaultyPasses implements AutoCloseable {
    static final int BATCH = 2;
    static final int TOKENS = 5;

    private final Backend backend = new ArrayBackend();
    private final Allocator memory = backend.allocator();
    private Products counted = backend.products();
    private Phase.Name phase = Phase.Name.PREFILL;
    private int step;

    /** Stands in the place of a product. */
    @FunctionalInterface
    interface Fault {
        /**
         * Does the product, or not, or something else.
         *
         * @param site where the pass asked for it
         * @param product does it, under the name of a site
         */
        void at(MatmulSite site, Consumer<MatmulSite> product);
    }

    /** No fault. */
    static final Fault NONE = (site, product) -> product.accept(site);

    /** Counts a whole prompt with full attention and {@code fault} planted, and holds it against the sound closed form. */
    Reconciliation reconcile(ModelConfig model, Fault fault) {
        return reconcile(model, List.of(Phase.prefill(BATCH, TOKENS)), Attention.full(), fault)
                .get(0);
    }

    /** Counts phases with {@code fault} planted, and holds each against its sound closed form. */
    List<Reconciliation> reconcile(ModelConfig model, List<Phase> phases, Attention attention, Fault fault) {
        Account account = Account.of(model, phases, attention);
        Transformer transformer = transformer(model, phases, attention);
        List<Reconciliation> reconciliations = new ArrayList<>();
        for (int number = 0; number < phases.size(); number++) {
            FlopTally tally = new FlopTally();
            ExecutionContext sound = new Interceptor(backend.products(), backend.clock(), tally, Timeline.none());
            counted = sound.products();
            run(transformer, phases.get(number), new OtherProducts(sound, planted(fault)));
            reconciliations.add(Reconciliation.of(account.phases().get(number), tally.snapshot(), List.of()));
        }
        return reconciliations;
    }

    private void run(Transformer transformer, Phase asked, ExecutionContext context) {
        phase = asked.name();
        for (step = 0; step < asked.steps(); step++) {
            int[] ids = new int[(int) asked.chunk(step).rows()];
            transformer.forward(ids, asked, step, context, done -> {});
        }
    }

    private Transformer transformer(ModelConfig model, List<Phase> phases, Attention attention) {
        int capacity = phases.get(phases.size() - 1).end();
        try (TensorLoader loader = backend.loader(memory)) {
            return new Transformer(
                    model,
                    new SeededInitializer(model, 1, loader).initialize(WeightsMode.FULL, done -> {}),
                    attention,
                    phases,
                    Optional.of(new KvCache(model, phases.get(0).batch(), capacity, backend, memory)),
                    backend,
                    memory,
                    memory);
        }
    }

    private Products planted(Fault fault) {
        return new Products() {
            @Override
            public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
                fault.at(site, named -> counted.multiply(named, left, right, rightIs, result));
            }

            @Override
            public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
                fault.at(site, named -> counted.project(named, left, weight, result));
            }
        };
    }

    /** {@code fault}, in one chunk of one phase alone. */
    Fault in(Phase.Name where, int chunk, Fault fault) {
        return (site, product) -> (phase == where && step == chunk ? fault : NONE).at(site, product);
    }

    /** One fault around the other. */
    static Fault both(Fault outer, Fault inner) {
        return (site, product) -> outer.at(site, named -> inner.at(named, product));
    }

    /** Does nothing at one site. */
    static Fault leaveOut(MatmulSite where) {
        return with(where, () -> {});
    }

    /** The sites that are not those of experts, which are held together. */
    static List<SiteCheck> ofNoExpert(Reconciliation reconciliation) {
        return reconciliation.sites().stream()
                .filter(check -> !check.expected().orElseThrow().isRouted())
                .toList();
    }

    /** Does each product at one site twice. */
    static Fault repeat(MatmulSite where) {
        return (site, product) -> {
            product.accept(site);
            if (site.equals(where)) {
                product.accept(site);
            }
        };
    }

    /** Does {@code instead} at one site. */
    static Fault with(MatmulSite where, Runnable instead) {
        return (site, product) -> {
            if (site.equals(where)) {
                instead.run();
            } else {
                product.accept(site);
            }
        };
    }

    /** Does {@code also} after the product at one site. */
    static Fault also(MatmulSite where, Runnable also) {
        return (site, product) -> {
            product.accept(site);
            if (site.equals(where)) {
                also.run();
            }
        };
    }

    /** An (m×k)·(k×n) product of ones at {@code site}, which is counted. */
    void ones(MatmulSite site, int m, int k, int n) {
        counted.multiply(
                site,
                Matrices.filled(backend, memory, m, k, 1),
                Matrices.filled(backend, memory, k, n, 1),
                Right.AS_IS,
                memory.zeros(m, n));
    }

    /** Leaves out one product of scores and one of weighted values in a layer, each the one with this number. */
    static final class HeadMissing implements Fault {
        private final int layer;
        private final int missing;
        private int scores;
        private int values;

        HeadMissing(int layer, int missing) {
            this.layer = layer;
            this.missing = missing;
        }

        @Override
        public void at(MatmulSite site, Consumer<MatmulSite> product) {
            boolean leftOut = false;
            if (site.equals(new MatmulSite(MatmulKind.ATTN_SCORES, layer))) {
                leftOut = scores++ == missing;
            } else if (site.equals(new MatmulSite(MatmulKind.ATTN_VALUES, layer))) {
                leftOut = values++ == missing;
            }
            if (!leftOut) {
                product.accept(site);
            }
        }
    }

    @Override
    public void close() {
        memory.close();
        backend.close();
    }
}
