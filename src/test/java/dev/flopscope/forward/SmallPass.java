package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.Rounding;
import dev.flopscope.audit.Reconciliation;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.ArrayBackend;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Backends;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.RowSource;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.observe.Interceptor;
import dev.flopscope.time.Timeline;
import dev.flopscope.weights.ModelWeights;
import dev.flopscope.weights.SeededInitializer;
import dev.flopscope.witness.BoundedMatrix;
import dev.flopscope.witness.ReferenceTransformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A small model in a backend, ready for passes whose numbers are telling. */
final class SmallPass implements AutoCloseable {
    /**
     * The witness bounds the rounding of a softmax over whole rows. A running one rounds again when it scales the output down,
     * when it adds a tile's share, and when it divides; and exponentials of libraries may be off by 2⁻²⁰.
     */
    static final double OTHER_SOFTMAX = 2;

    /** Deviations of a random walk that none of some ten thousand logits is beyond. */
    private static final double PROBABLY = 6;

    private static final long SEED = 42;
    /**
     * GPT-2's deviation of 0.02 is for widths of a thousand; at ten, softmax and gates would see hardly any input. But what
     * a block adds must stay small beside the residual stream, as it is in a trained model, or norms amplify errors so much
     * that no bound on the logits says anything.
     */
    private static final float ENLARGEMENT = 5;

    private static final float EMBEDDING_ENLARGEMENT = 50;

    /** Biases are small beside what they are added to, like what a block adds. */
    private static final double SMALL = 0.1;

    final ModelConfig model;
    final Backend backend;
    final Allocator memory;
    final ModelWeights weights;

    private SmallPass(ModelConfig model, Backend backend) {
        this.model = model;
        this.backend = backend;
        this.memory = backend.allocator();
        this.weights = weights(model, backend, memory);
    }

    /** The model with seeded weights, the same in every backend. */
    static SmallPass start(ModelConfig model, Backends.Kind kind) {
        return new SmallPass(model, kind.start().get());
    }

    /** Larger weights, gains other than one, and biases other than zero, so that one that is forgotten shows. */
    static ModelWeights weights(ModelConfig model, Backend backend, Allocator memory) {
        try (TensorLoader loader = new Enlarging(backend.loader(memory))) {
            return new SeededInitializer(model, SEED, loader).initialize(WeightsMode.FULL, done -> {});
        }
    }

    private static final class Enlarging implements TensorLoader {
        private final TensorLoader loader;
        private final SplittableRandom random = new SplittableRandom(SEED);

        private Enlarging(TensorLoader loader) {
            this.loader = loader;
        }

        @Override
        public Tensor weight(long rows, long columns, RowSource source) {
            return loader.weight(rows, columns, times(ENLARGEMENT, source));
        }

        @Override
        public Tensor table(long rows, long columns, RowSource source) {
            if (rows > 1) {
                return loader.table(rows, columns, times(EMBEDDING_ENLARGEMENT, source));
            }
            double[] around = random.doubles(columns, -0.5, 0.5).toArray();
            float[] seeded = new float[(int) columns];
            source.fill(0, seeded);
            double[][] vector = {
                IntStream.range(0, seeded.length)
                        .mapToDouble(i -> seeded[i] == 0 ? SMALL * around[i] : seeded[i] + around[i])
                        .toArray()
            };
            return loader.table(rows, columns, Matrices.rows(vector));
        }

        private static RowSource times(float factor, RowSource source) {
            return (row, values) -> {
                source.fill(row, values);
                for (int i = 0; i < values.length; i++) {
                    values[i] *= factor;
                }
            };
        }

        @Override
        public void close() {
            loader.close();
        }
    }

    /** The witness over sequences of {@code tokens}, with the same weights. */
    static ReferenceTransformer witness(ModelConfig model, int batch, int tokens) {
        Backend backend = new ArrayBackend();
        return new ReferenceTransformer(model, backend, weights(model, backend, backend.allocator()), batch, tokens);
    }

    /** B·T ids. */
    static int[] ids(ModelConfig model, int batch, int tokens) {
        return new SplittableRandom(SEED)
                .ints((long) batch * tokens, 0, model.vocabSize())
                .toArray();
    }

    /** Of the ids of {@code batch} sequences, those of the new tokens of a chunk. */
    static int[] idsOf(int[] ids, Chunk chunk) {
        int all = ids.length / chunk.batch();
        int[] own = new int[(int) chunk.rows()];
        for (int sequence = 0; sequence < chunk.batch(); sequence++) {
            System.arraycopy(ids, sequence * all + chunk.past(), own, sequence * chunk.queries(), chunk.queries());
        }
        return own;
    }

    /** What runs {@code phases}, with a cache if any chunk but the first is to come. */
    Transformer transformer(Attention attention, List<Phase> phases) {
        boolean needsCache = phases.size() > 1 || phases.get(0).steps() > 1;
        int batch = phases.get(0).batch();
        int capacity = phases.stream().mapToInt(Phase::end).max().orElseThrow();
        Optional<KvCache> cache =
                needsCache ? Optional.of(new KvCache(model, batch, capacity, backend, memory)) : Optional.empty();
        return transformer(attention, phases, cache);
    }

    Transformer transformer(Attention attention, List<Phase> phases, Optional<KvCache> cache) {
        return new Transformer(model, weights, attention, phases, cache, backend, memory, memory);
    }

    ExecutionContext unobserved() {
        return ExecutionContext.unobserved(backend.products());
    }

    /** The context of a run: counts, and tells {@code timeline}. */
    Interceptor observed(FlopTally tally, Timeline timeline) {
        return new Interceptor(backend.products(), backend.clock(), tally, timeline);
    }

    /**
     * Runs all chunks of a phase.
     *
     * @param ids of whole sequences
     * @return logits of the new tokens, sequence by sequence: (B·tokens, V), or (B, V) of the last ones alone
     */
    double[][] logits(Transformer transformer, Phase phase, int[] ids, ExecutionContext context) {
        boolean all = phase.logits() == LogitsRows.ALL;
        double[][] rows = new double[all ? phase.batch() * phase.tokens() : phase.batch()][];
        for (int step = 0; step < phase.steps(); step++) {
            Chunk chunk = phase.chunk(step);
            Optional<Tensor> result = transformer.forward(idsOf(ids, chunk), phase, step, context, done -> {});
            assertThat(result.isPresent()).isEqualTo(phase.hasLogits(step));
            if (result.isPresent()) {
                double[][] values = values(result.get());
                int each = all ? chunk.queries() : 1;
                assertThat(values).hasDimensions(phase.batch() * each, model.vocabSize());
                for (int row = 0; row < values.length; row++) {
                    int token = all ? chunk.past() - phase.past() + row % each : 0;
                    rows[row / each * (all ? phase.tokens() : 1) + token] = values[row];
                }
            }
        }
        return rows;
    }

    /** Elements as exact as the backend has them. */
    double[][] values(Tensor tensor) {
        return backend instanceof ArrayBackend ? ArrayBackend.values(tensor) : Matrices.values(backend, tensor);
    }

    /** Logits of a prompt in one chunk. */
    double[][] logits(Attention attention, int batch, int tokens, int[] ids, ExecutionContext context) {
        Phase prompt = Phase.prefill(batch, tokens);
        return logits(transformer(attention, List.of(prompt)), prompt, ids, context);
    }

    /**
     * Logits of the new tokens of a phase are those of the witness.
     *
     * @param expected of all tokens of whole sequences
     */
    static void assertWithin(double[][] logits, Phase phase, BoundedMatrix expected, double factor) {
        int all = expected.rows() / phase.batch();
        int each = logits.length / phase.batch();
        for (int row = 0; row < logits.length; row++) {
            int position = phase.end() - each + row % each;
            int of = row / each * all + position;
            for (int column = 0; column < expected.columns(); column++) {
                double value = expected.values[of][column];
                double bound = factor * expected.errors[of][column];
                if (!(Math.abs(logits[row][column] - value) <= bound)) {
                    assertThat(logits[row][column])
                            .as("%s, row %d, column %d", phase, row, column)
                            .isCloseTo(value, within(bound));
                }
            }
        }
    }

    /**
     * Logits of the new tokens of a phase are near those of the witness. Of a wide model, the witness' bounds say nothing, since
     * they let all errors point in one direction; here they are independent (Higham and Mary 2019, "A new approach to
     * probabilistic rounding error analysis").
     *
     * @param expected of all tokens of whole sequences
     * @param additions on the longest way from a token to a logit
     */
    static void assertNear(double[][] logits, Phase phase, double[][] expected, int additions) {
        double largest = Arrays.stream(expected)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
        double bound = PROBABLY * Math.sqrt(additions) * Rounding.UNIT * largest;
        int all = expected.length / phase.batch();
        int each = logits.length / phase.batch();
        for (int row = 0; row < logits.length; row++) {
            int of = row / each * all + phase.end() - each + row % each;
            for (int column = 0; column < logits[row].length; column++) {
                assertThat(Math.abs(logits[row][column] - expected[of][column]))
                        .as("%s, row %d, column %d", phase, row, column)
                        .isLessThanOrEqualTo(bound);
            }
        }
    }

    /** A bound that everything meets says nothing. */
    static void assertStrict(BoundedMatrix expected) {
        double largest = 0;
        double loosest = 0;
        for (int row = 0; row < expected.rows(); row++) {
            for (int column = 0; column < expected.columns(); column++) {
                largest = Math.max(largest, Math.abs(expected.values[row][column]));
                loosest = Math.max(loosest, expected.errors[row][column]);
            }
        }
        assertThat(loosest).isLessThan(largest / 400);
    }

    /** Counts of each phase are those of its closed form, site by site and shape by shape. */
    static void assertReconciled(
            ModelConfig model, List<Phase> phases, Attention attention, List<SortedMap<MatmulSite, SiteCount>> counts) {
        Account account = Account.of(model, phases, attention);
        List<String> disagreements = new ArrayList<>();
        for (int phase = 0; phase < phases.size(); phase++) {
            PhaseAccount expected = account.phases().get(phase);
            Reconciliation reconciliation = Reconciliation.of(expected, counts.get(phase), List.of());
            disagreements.addAll(reconciliation.disagreements());
            boolean routed =
                    expected.sites().stream().anyMatch(site -> site.form().isRouted());
            if (!routed) { // The bytes of experts are those of rows that are spread evenly.
                assertThat(reconciliation.countedCompulsoryBytes()).isEqualTo(expected.compulsoryBytes());
            }
        }
        assertThat(disagreements)
                .as("%s, %s, %s", model.name(), attention, phases)
                .isEmpty();
    }

    @Override
    public void close() {
        memory.close();
        backend.close();
    }
}
