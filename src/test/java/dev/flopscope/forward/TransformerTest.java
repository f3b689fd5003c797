package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import dev.flopscope.SmallModels;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backends;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flops.Account;
import dev.flopscope.time.TimeTally;
import dev.flopscope.time.Timeline;
import dev.flopscope.witness.BoundedMatrix;
import dev.flopscope.witness.ReferenceTransformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole prompts with full attention. */
class TransformerTest {
    static final List<ModelConfig> MODELS = SmallModels.ALL;

    private static final Backends.Kind TWO_THREADS = Backends.cpu(Engine.OPENBLAS, 2);

    static Stream<Arguments> passes() {
        List<Arguments> passes = new ArrayList<>();
        for (ModelConfig model : MODELS) {
            for (Backends.Kind kind : Backends.ALL) {
                for (int tokens : new int[] {1, 2, 7, 33}) {
                    passes.add(Arguments.of(model, kind, 1 + tokens % 3, tokens));
                }
            }
        }
        return passes.stream();
    }

    @ParameterizedTest
    @MethodSource("passes")
    void logitsAndCountsAreThoseOfTheFloat64Reference(ModelConfig model, Backends.Kind kind, int batch, int tokens) {
        FlopTally tally = new FlopTally();
        int[] ids = SmallPass.ids(model, batch, tokens);
        ReferenceTransformer reference = SmallPass.witness(model, batch, tokens);
        BoundedMatrix expected = reference.forward(ids);
        try (SmallPass pass = SmallPass.start(model, kind)) {
            double[][] logits =
                    pass.logits(Attention.full(), batch, tokens, ids, pass.observed(tally, Timeline.none()));

            SmallPass.assertWithin(logits, Phase.prefill(batch, tokens), expected, SmallPass.OTHER_SOFTMAX);
        }
        SmallPass.assertStrict(expected);
        assertThat(flops(tally)).isEqualTo(doubled(reference.multiplyAdds()));
    }

    private static Map<String, Long> flops(FlopTally tally) {
        Map<String, Long> flops = new TreeMap<>();
        tally.snapshot().forEach((site, count) -> flops.put(site.toString(), count.flops()));
        return flops;
    }

    private static Map<String, Long> doubled(Map<String, Long> multiplyAdds) {
        Map<String, Long> flops = new TreeMap<>();
        multiplyAdds.forEach((site, count) -> flops.put(site, 2 * count));
        return flops;
    }

    /** The first layer whose window hides a token hides it; what later layers pass on may still come from it. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void aTokenChangesNothingBeforeIt(ModelConfig model) {
        int batch = 2;
        int tokens = 9;
        int[] ids = SmallPass.ids(model, batch, tokens);
        try (SmallPass pass = SmallPass.start(model, TWO_THREADS)) {
            int[][] before = bits(pass, batch, tokens, ids);
            for (int changed = 0; changed < tokens; changed++) {
                int[] others = ids.clone();
                others[changed] = (ids[changed] + 1) % model.vocabSize();
                int[][] after = bits(pass, batch, tokens, others);
                for (int row = 0; row < batch * tokens; row++) {
                    boolean mayChange = row >= changed && row < changed + reach(model) && row < tokens;
                    if (mayChange) {
                        assertThat(after[row])
                                .as("row %d, changed %d", row, changed)
                                .isNotEqualTo(before[row]);
                    } else {
                        assertThat(after[row])
                                .as("row %d, changed %d", row, changed)
                                .isEqualTo(before[row]);
                    }
                }
            }
        }
    }

    /** How many positions from a token on can depend on it: a layer with a window of w carries it w − 1 further. */
    private static int reach(ModelConfig model) {
        return 1
                + model.blocks().stream()
                        .mapToInt(block -> block.attention().window().orElse(1000) - 1)
                        .sum();
    }

    @Test
    void sequencesOfABatchAreIndependent() {
        ModelConfig model = SmallModels.GROUPED;
        int tokens = 7;
        int[] ids = SmallPass.ids(model, 3, tokens);
        try (SmallPass pass = SmallPass.start(model, TWO_THREADS)) {
            double[][] together = pass.logits(Attention.full(), 3, tokens, ids, pass.unobserved());
            for (int sequence = 0; sequence < 3; sequence++) {
                int first = sequence * tokens;
                int[] own = Arrays.copyOfRange(ids, first, first + tokens);
                SmallPass.assertWithin(
                        Arrays.copyOfRange(together, first, first + tokens),
                        Phase.prefill(1, tokens),
                        SmallPass.witness(model, 1, tokens).forward(own),
                        SmallPass.OTHER_SOFTMAX);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void countingAndTimingChangeNoBit(ModelConfig model) {
        int[] ids = SmallPass.ids(model, 2, 7);
        try (SmallPass pass = SmallPass.start(model, TWO_THREADS)) {
            double[][] bare = pass.logits(Attention.full(), 2, 7, ids, pass.unobserved());
            assertThat(pass.logits(Attention.full(), 2, 7, ids, pass.observed(new FlopTally(), new TimeTally())))
                    .isDeepEqualTo(bare);
        }
    }

    /** Buffers are reused, so what one pass left in them must not reach the next. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void aSecondPassOverTheSameBuffersGivesTheSameBits(ModelConfig model) {
        int[] ids = SmallPass.ids(model, 2, 7);
        int[] others = ids.clone();
        others[0] = (ids[0] + 1) % model.vocabSize();
        for (Backends.Kind kind : List.of(TWO_THREADS, Backends.cpu(Engine.ONEDNN, 2))) {
            try (SmallPass pass = SmallPass.start(model, kind)) {
                Phase prompt = Phase.prefill(2, 7);
                Transformer transformer = pass.transformer(Attention.full(), List.of(prompt));
                double[][] first = pass.logits(transformer, prompt, ids, pass.unobserved());
                assertThat(pass.logits(transformer, prompt, others, pass.unobserved())[0])
                        .isNotEqualTo(first[0]);
                assertThat(pass.logits(transformer, prompt, ids, pass.unobserved()))
                        .isDeepEqualTo(first);
            }
        }
    }

    /** What was warmed up computes as if it had not been, and told nobody. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void warmingUpChangesNoBitAndCountsNothing(ModelConfig model) {
        int[] ids = SmallPass.ids(model, 2, 7);
        for (Backends.Kind kind : Backends.ALL) {
            try (SmallPass pass = SmallPass.start(model, kind)) {
                Phase prompt = Phase.prefill(2, 7);
                Phase tokens = Phase.decode(2, 7, 1);
                Attention tiled = new Attention(Algorithm.TILED, 3, 4);
                Transformer transformer = pass.transformer(tiled, List.of(prompt, tokens));
                double[][] cold = pass.logits(transformer, prompt, ids, pass.unobserved());

                transformer.warmUp(prompt, 50_000_000, ExecutionContext::unobserved);
                transformer.warmUp(tokens, 50_000_000, ExecutionContext::unobserved);

                assertThat(pass.logits(transformer, prompt, ids, pass.unobserved()))
                        .isDeepEqualTo(cold);
            }
        }
    }

    /** Scores over each number of positions are other products, for which a backend may have to generate code. */
    @Test
    void everyChunkOfAPromptIsWarmedUp() {
        assertThat(extentsWarmedUp(Phase.prefill(1, 8, 2, LogitsRows.ALL))).containsExactlyInAnyOrder(2L, 4L, 6L, 8L);
        assertThat(extentsWarmedUp(Phase.prefill(1, 7, 3, LogitsRows.LAST))).containsExactlyInAnyOrder(3L, 6L, 7L);
    }

    private static Set<Long> extentsWarmedUp(Phase prompt) {
        Set<Long> extents = new HashSet<>();
        Products noting = new Products() {
            @Override
            public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
                if (site.kind() == MatmulKind.ATTN_SCORES) {
                    extents.add(result.columns());
                }
            }

            @Override
            public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {}
        };
        try (SmallPass pass = SmallPass.start(SmallModels.PLAIN, TWO_THREADS)) {
            pass.transformer(Attention.full(), List.of(prompt))
                    .warmUp(prompt, 0, products -> ExecutionContext.unobserved(noting));
        }
        return extents;
    }

    /** Room for chunks of one query is made for the first of them. */
    @Test
    void scratchMemoryIsTakenOnlyForWhatIsRun() {
        ModelConfig model = SmallModels.PLAIN;
        int[] ids = SmallPass.ids(model, 1, 4);
        Phase prompt = Phase.prefill(1, 3);
        Phase token = Phase.decode(1, 3, 1);
        try (SmallPass pass = SmallPass.start(model, TWO_THREADS);
                Allocator scratch = pass.backend.allocator()) {
            KvCache cache = new KvCache(model, 1, 4, pass.backend, pass.memory);
            Transformer transformer = new Transformer(
                    model,
                    pass.weights,
                    Attention.full(),
                    List.of(prompt, token),
                    Optional.of(cache),
                    pass.backend,
                    pass.memory,
                    scratch);

            pass.logits(transformer, prompt, Arrays.copyOf(ids, 3), pass.unobserved());
            assertThat(scratch.allocatedBytes()).isZero();

            pass.logits(transformer, token, ids, pass.unobserved());
            assertThat(scratch.allocatedBytes()).isPositive();
        }
    }

    @Test
    void progressIsToldOfEveryLayerInTurn() {
        List<Long> told = new ArrayList<>();
        ModelConfig model = SmallModels.MULTI_QUERY;
        try (SmallPass pass = SmallPass.start(model, TWO_THREADS)) {
            Phase prompt = Phase.prefill(1, 2);
            pass.transformer(Attention.full(), List.of(prompt))
                    .forward(SmallPass.ids(model, 1, 2), prompt, 0, pass.unobserved(), told::add);
        }
        assertThat(told).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aPassNeedsAnIdForEveryToken() {
        try (SmallPass pass = SmallPass.start(SmallModels.PLAIN, TWO_THREADS)) {
            Phase prompt = Phase.prefill(2, 3);
            Transformer transformer = pass.transformer(Attention.full(), List.of(prompt));
            assertThatThrownBy(() -> transformer.forward(new int[5], prompt, 0, pass.unobserved(), done -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a pass of batch 2 and 3 tokens needs 6 ids: 5");
        }
    }

    /** What a run reports as its memory: the buffers to the byte, and the caches. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void buffersAndCachesTakeTheBytesOfTheirClosedForms(ModelConfig model) {
        List<List<Phase>> runs = List.of(
                List.of(Phase.prefill(2, 7)),
                List.of(Phase.prefill(2, 7, 3, LogitsRows.LAST)),
                List.of(Phase.prefill(2, 7, 1, LogitsRows.LAST), Phase.decode(2, 7, 4)),
                List.of(Phase.prefill(2, 7, 7, LogitsRows.LAST), Phase.decode(2, 7, 4)),
                List.of(Phase.prefill(2, 7, 4, LogitsRows.ALL), Phase.decode(2, 7, 4)));
        for (Attention attention : List.of(Attention.full(), Attention.of(Algorithm.CAUSAL))) {
            for (List<Phase> phases : runs) {
                for (Backends.Kind kind : List.of(TWO_THREADS, Backends.cpu(Engine.ONEDNN, 1))) {
                    assertBytes(model, phases, attention, kind);
                }
            }
        }
    }

    private static void assertBytes(ModelConfig model, List<Phase> phases, Attention attention, Backends.Kind kind) {
        Account account = Account.of(model, phases, attention);
        try (SmallPass pass = SmallPass.start(model, kind);
                Allocator caches = pass.backend.allocator();
                Allocator activations = pass.backend.allocator();
                Allocator scratch = pass.backend.allocator()) {
            KvCache cache = new KvCache(model, 2, phases.get(phases.size() - 1).end(), pass.backend, caches);
            assertThat(caches.allocatedBytes()).isEqualTo(account.memory().kvCacheBytes());
            new Transformer(
                    model, pass.weights, attention, phases, Optional.of(cache), pass.backend, activations, scratch);
            assertThat(activations.allocatedBytes())
                    .as("%s, %s, %s", model.name(), phases, attention)
                    .isEqualTo(account.memory().activationsBytes());
        }
    }

    private static int[][] bits(SmallPass pass, int batch, int tokens, int[] ids) {
        Phase prompt = Phase.prefill(batch, tokens);
        return Matrices.bits(
                pass.backend,
                pass.transformer(Attention.full(), List.of(prompt))
                        .forward(ids, prompt, 0, pass.unobserved(), done -> {})
                        .orElseThrow());
    }
}
