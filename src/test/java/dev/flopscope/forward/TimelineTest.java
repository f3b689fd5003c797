package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.backend.Backends;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.observe.Interceptor;
import dev.flopscope.time.Operator;
import dev.flopscope.time.OperatorSite;
import dev.flopscope.time.Scope;
import dev.flopscope.time.TimeTally;
import dev.flopscope.time.Timeline;
import dev.flopscope.time.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What a timeline is told of real passes. */
class TimelineTest {
    static final List<ModelConfig> MODELS = SmallModels.OF_USUAL_BLOCKS;

    private static final int BATCH = 2;
    private static final int TOKENS = 7;
    private static final Phase PROMPT = Phase.prefill(BATCH, TOKENS);

    private final Spans spans = new Spans();
    private final TimeTally tally = new TimeTally();
    private final FlopTally counts = new FlopTally();
    private long wall;

    @ParameterizedTest
    @FieldSource("MODELS")
    void everyOperatorOfEveryLayerIsToldAsOftenAsItHappens(ModelConfig model) {
        run(model, Attention.full(), List.of(PROMPT), Backends.cpu(Engine.OPENBLAS, 2));

        Map<OperatorSite, Long> expected = operatorsOfAPass(model, 1);
        for (int layer = 0; layer < model.numLayers(); layer++) {
            long heads = model.blocks().get(layer).attention().numHeads();
            expected.put(new OperatorSite(Operator.SOFTMAX, layer), BATCH * heads);
        }
        assertThat(spans.operators).isEqualTo(expected);
    }

    private static Map<OperatorSite, Long> operatorsOfAPass(ModelConfig model, long passes) {
        Map<OperatorSite, Long> expected = new TreeMap<>();
        expected.put(new OperatorSite(Operator.EMBEDDING, MatmulSite.NO_LAYER), passes);
        expected.put(new OperatorSite(Operator.NORM, MatmulSite.NO_LAYER), passes);
        for (int layer = 0; layer < model.numLayers(); layer++) {
            expected.put(new OperatorSite(Operator.NORM, layer), 2 * passes);
            expected.put(new OperatorSite(Operator.ROTARY, layer), 2 * passes);
            expected.put(new OperatorSite(Operator.GATE, layer), passes);
            expected.put(new OperatorSite(Operator.RESIDUAL, layer), 2 * passes);
        }
        return expected;
    }

    /** Two chunks of four and three, of which the second alone ends in logits, and two tokens; each goes through the cache. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void chunksAndTokensAreToldAsPassesOfTheirOwn(ModelConfig model) {
        List<Phase> phases = List.of(Phase.prefill(BATCH, TOKENS, 4, LogitsRows.LAST), Phase.decode(BATCH, TOKENS, 2));
        run(model, Attention.full(), phases, Backends.cpu(Engine.OPENBLAS, 1));

        Map<OperatorSite, Long> told = new TreeMap<>(spans.operators);
        told.keySet().removeIf(site -> site.operator() == Operator.SOFTMAX);
        Map<OperatorSite, Long> expected = operatorsOfAPass(model, 4);
        expected.put(new OperatorSite(Operator.NORM, MatmulSite.NO_LAYER), 3L);
        expected.put(new OperatorSite(Operator.LAST_ROWS, MatmulSite.NO_LAYER), 1L);
        for (int layer = 0; layer < model.numLayers(); layer++) {
            expected.put(new OperatorSite(Operator.CACHE, layer), 4L);
        }
        assertThat(told).isEqualTo(expected);
        assertThat(spans.scopes.stream().filter(scope -> scope.layer() == MatmulSite.NO_LAYER))
                .extracting(ScopeOf::scope)
                .containsExactly(Scope.PASS, Scope.HEAD, Scope.PASS, Scope.HEAD, Scope.TOKEN, Scope.HEAD, Scope.TOKEN);
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void productsAreToldAsOftenAndInTheShapesThatAreCounted(ModelConfig model) {
        for (Backends.Kind kind : Backends.ALL) {
            spans.products.clear();
            FlopTally before = new FlopTally();
            runCounting(model, new Attention(Algorithm.TILED, 3, 4), kind, before);

            Map<MatmulSite, Map<MatmulShape, Long>> told = new TreeMap<>();
            spans.products.forEach(product -> told.computeIfAbsent(product.site(), unused -> new HashMap<>())
                    .merge(product.shape(), product.batch(), Long::sum));
            Map<MatmulSite, SiteCount> asCounts = new TreeMap<>();
            told.forEach((site, shapes) -> asCounts.put(site, new SiteCount(shapes)));
            assertThat(asCounts).as(kind.name()).isEqualTo(before.snapshot());
        }
    }

    private void runCounting(ModelConfig model, Attention attention, Backends.Kind kind, FlopTally counted) {
        try (SmallPass pass = SmallPass.start(model, kind)) {
            int[] ids = SmallPass.ids(model, BATCH, TOKENS);
            Interceptor context = pass.observed(counted, spans);
            pass.logits(attention, BATCH, TOKENS, ids, context);
            context.settle();
        }
    }

    /** Scopes are told from the inside out, each with its products and operators inside it. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void scopesNestAndHoldEverySpan(ModelConfig model) {
        run(model, new Attention(Algorithm.TILED, 3, 4), List.of(PROMPT), Backends.cpu(Engine.ONEDNN, 2));

        List<ScopeOf> expected = new ArrayList<>();
        for (int layer = 0; layer < model.numLayers(); layer++) {
            expected.add(new ScopeOf(Scope.ATTENTION, layer));
            expected.add(new ScopeOf(Scope.FEED_FORWARD, layer));
            expected.add(new ScopeOf(Scope.LAYER, layer));
        }
        expected.add(new ScopeOf(Scope.HEAD, MatmulSite.NO_LAYER));
        expected.add(new ScopeOf(Scope.PASS, MatmulSite.NO_LAYER));
        assertThat(spans.scopes).isEqualTo(expected);
        Span whole = spans.scopeSpans.get(spans.scopeSpans.size() - 1);
        assertThat(spans.all).allMatch(span -> whole.start() <= span.start() && span.end() <= whole.end());
        assertThat(spans.scopeSpans)
                .allMatch(scope -> spans.all.stream()
                        .allMatch(span -> span.end() <= scope.start()
                                || span.start() >= scope.end()
                                || (scope.start() <= span.start() && span.end() <= scope.end())));
        assertThat(whole.end() - whole.start()).isLessThanOrEqualTo(wall);
    }

    /** Three query tiles a head; each begins, meets two tiles of keys with two operators each, and finishes. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void onlineSoftmaxIsToldTileByTile(ModelConfig model) {
        run(model, new Attention(Algorithm.TILED, 3, 4), List.of(PROMPT), Backends.cpu(Engine.OPENBLAS, 2));

        for (int layer = 0; layer < model.numLayers(); layer++) {
            long heads = model.blocks().get(layer).attention().numHeads();
            long perLayer = BATCH * heads * 3 * (1 + 2 * 2 + 1);
            assertThat(spans.operators).containsEntry(new OperatorSite(Operator.SOFTMAX, layer), perLayer);
        }
    }

    /** What makes the sums honest: one thread's spans never overlap, lie inside the passes, and their sum stays below them. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void spansOfAThreadFollowEachOtherInsideThePass(ModelConfig model) {
        List<Phase> phases = List.of(Phase.prefill(BATCH, TOKENS, 4, LogitsRows.ALL), Phase.decode(BATCH, TOKENS, 3));
        for (Backends.Kind kind : Backends.ALL) {
            spans.all.clear();
            run(model, new Attention(Algorithm.CAUSAL, 2, 3), phases, kind);

            Map<Thread, List<Span>> byThread = new HashMap<>();
            spans.all.forEach(span -> byThread.computeIfAbsent(span.thread(), unused -> new ArrayList<>())
                    .add(span));
            byThread.values().forEach(ofThread -> {
                ofThread.sort(Comparator.comparingLong(Span::start));
                for (int i = 1; i < ofThread.size(); i++) {
                    assertThat(ofThread.get(i).start())
                            .isGreaterThanOrEqualTo(ofThread.get(i - 1).end());
                }
            });
            Times times = tally.take();
            assertThat(times.waiting()).isNotNegative();
            assertThat(times.explained()).isPositive().isLessThanOrEqualTo(wall);
        }
    }

    private void run(ModelConfig model, Attention attention, List<Phase> phases, Backends.Kind kind) {
        try (SmallPass pass = SmallPass.start(model, kind)) {
            Transformer transformer = pass.transformer(attention, phases);
            int[] ids = SmallPass.ids(model, BATCH, TOKENS + 3);
            Timeline timeline = Timeline.all(List.of(spans, tally));
            Interceptor context = pass.observed(counts, timeline);
            long start = pass.backend.clock().now();
            for (Phase phase : phases) {
                pass.logits(transformer, phase, ids, context);
            }
            long end = pass.backend.clock().now();
            LongUnaryOperator times = context.settle();
            wall = times.applyAsLong(end) - times.applyAsLong(start);
        }
    }

    private record Span(Thread thread, long start, long end) {}

    private record ScopeOf(Scope scope, int layer) {}

    private record Product(MatmulSite site, MatmulShape shape, long batch) {}

    /** Keeps every span. */
    private static final class Spans implements Timeline {
        private final List<Span> all = new ArrayList<>();
        private final List<Product> products = new ArrayList<>();
        private final List<ScopeOf> scopes = new ArrayList<>();
        private final List<Span> scopeSpans = new ArrayList<>();
        private final Map<OperatorSite, Long> operators = new TreeMap<>();

        @Override
        public synchronized void multiplied(
                MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds) {
            all.add(new Span(Thread.currentThread(), startNanoseconds, endNanoseconds));
            products.add(new Product(site, shape, batch));
        }

        @Override
        public synchronized void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds) {
            all.add(new Span(Thread.currentThread(), startNanoseconds, endNanoseconds));
            operators.merge(new OperatorSite(operator, layer), 1L, Long::sum);
        }

        @Override
        public void enclosed(Scope scope, int layer, long startNanoseconds, long endNanoseconds) {
            scopes.add(new ScopeOf(scope, layer));
            scopeSpans.add(new Span(Thread.currentThread(), startNanoseconds, endNanoseconds));
        }
    }
}
