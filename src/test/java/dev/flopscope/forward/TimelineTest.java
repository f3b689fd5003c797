package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.matmul.TimingMatmul;
import dev.flopscope.run.PreparedModel;
import dev.flopscope.time.Part;
import dev.flopscope.time.Step;
import dev.flopscope.time.StepSite;
import dev.flopscope.time.TimeTally;
import dev.flopscope.time.Timeline;
import dev.flopscope.time.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What a timeline is told of a real pass. */
class TimelineTest {
    static final List<ModelConfig> MODELS = SmallModels.ALL;

    private static final int BATCH = 2;
    private static final int TOKENS = 7;

    private final Spans spans = new Spans();
    private final TimeTally tally = new TimeTally();
    private final FlopTally counts = new FlopTally();
    private final Timeline timeline = Timeline.all(List.of(spans, tally));
    private long wall;

    @ParameterizedTest
    @FieldSource("MODELS")
    void everyStepOfEveryLayerIsToldAsOftenAsItHappens(ModelConfig model) {
        pass(model, Attention.full(), 2);

        Map<StepSite, Long> expected = new TreeMap<>();
        expected.put(new StepSite(Step.EMBEDDING, MatmulSite.NO_LAYER), 1L);
        expected.put(new StepSite(Step.NORM, MatmulSite.NO_LAYER), 1L);
        for (int layer = 0; layer < model.numLayers(); layer++) {
            expected.put(new StepSite(Step.NORM, layer), 2L);
            expected.put(new StepSite(Step.ROTARY, layer), 2L);
            expected.put(new StepSite(Step.SOFTMAX, layer), (long) BATCH * model.numHeads());
            expected.put(new StepSite(Step.GATE, layer), 1L);
            expected.put(new StepSite(Step.RESIDUAL, layer), 2L);
        }
        assertThat(spans.steps()).isEqualTo(expected);
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void productsAreToldAsOftenAndInTheShapesThatAreCounted(ModelConfig model) {
        pass(model, new Attention(Algorithm.TILED, 3, 4), 3);

        Map<MatmulSite, Map<MatmulShape, Long>> told = new TreeMap<>();
        spans.products.forEach(product ->
                told.computeIfAbsent(product.site(), unused -> new HashMap<>()).merge(product.shape(), 1L, Long::sum));
        Map<MatmulSite, SiteCount> asCounts = new TreeMap<>();
        told.forEach((site, shapes) -> asCounts.put(site, new SiteCount(shapes)));
        assertThat(asCounts).isEqualTo(counts.snapshot());
    }

    /** Parts are told from the inside out, each with its products and steps inside it. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void partsNestAndHoldEverySpan(ModelConfig model) {
        pass(model, new Attention(Algorithm.TILED, 3, 4), 2);

        List<PartOf> expected = new ArrayList<>();
        for (int layer = 0; layer < model.numLayers(); layer++) {
            expected.add(new PartOf(Part.ATTENTION, layer));
            expected.add(new PartOf(Part.FEED_FORWARD, layer));
            expected.add(new PartOf(Part.LAYER, layer));
        }
        expected.add(new PartOf(Part.HEAD, MatmulSite.NO_LAYER));
        expected.add(new PartOf(Part.PASS, MatmulSite.NO_LAYER));
        assertThat(spans.parts).isEqualTo(expected);
        Span whole = spans.partSpans.get(spans.partSpans.size() - 1);
        assertThat(spans.all).allMatch(span -> whole.start() <= span.start() && span.end() <= whole.end());
        assertThat(spans.partSpans)
                .allMatch(part -> spans.all.stream()
                        .allMatch(span -> span.end() <= part.start()
                                || span.start() >= part.end()
                                || (part.start() <= span.start() && span.end() <= part.end())));
        assertThat(whole.end() - whole.start()).isLessThanOrEqualTo(wall);
    }

    /** Three query tiles a head; each begins, meets two tiles of keys with two steps each, and finishes. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void onlineSoftmaxIsToldTileByTile(ModelConfig model) {
        pass(model, new Attention(Algorithm.TILED, 3, 4), 2);

        long perLayer = (long) BATCH * model.numHeads() * 3 * (1 + 2 * 2 + 1);
        for (int layer = 0; layer < model.numLayers(); layer++) {
            assertThat(spans.steps()).containsEntry(new StepSite(Step.SOFTMAX, layer), perLayer);
        }
    }

    /** What makes the sums honest: one thread's spans never overlap, lie inside the pass, and their sum stays below it. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void spansOfAThreadFollowEachOtherInsideThePass(ModelConfig model) {
        pass(model, new Attention(Algorithm.CAUSAL, 2, 3), 3);

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

    @ParameterizedTest
    @FieldSource("MODELS")
    void warmingUpTellsNothing(ModelConfig model) {
        try (PreparedModel prepared = Pass.prepare(model, 2)) {
            for (Attention attention : List.of(Attention.full(), Attention.of(Algorithm.TILED))) {
                prepared.transformer(BATCH, TOKENS, attention, new Nd4jMatmul(), spans)
                        .warmUp(0);
            }
        }
        assertThat(spans.all).isEmpty();
    }

    private void pass(ModelConfig model, Attention attention, int threads) {
        try (PreparedModel prepared = Pass.prepare(model, threads)) {
            Transformer transformer = prepared.transformer(
                    BATCH,
                    TOKENS,
                    attention,
                    new CountingMatmul(new TimingMatmul(new Nd4jMatmul(), timeline), counts),
                    timeline);
            int[] ids = Pass.ids(model, BATCH, TOKENS);
            long start = System.nanoTime();
            transformer.forward(ids, done -> {});
            wall = System.nanoTime() - start;
        }
    }

    private record Span(Thread thread, long start, long end) {}

    private record PartOf(Part part, int layer) {}

    private record Product(MatmulSite site, MatmulShape shape) {}

    /** Keeps every span. */
    private static final class Spans implements Timeline {
        private final List<Span> all = new ArrayList<>();
        private final List<Product> products = new ArrayList<>();
        private final List<PartOf> parts = new ArrayList<>();
        private final List<Span> partSpans = new ArrayList<>();
        private final Map<StepSite, Long> steps = new TreeMap<>();

        @Override
        public synchronized void multiplied(
                MatmulSite site, MatmulShape shape, long startNanoseconds, long endNanoseconds) {
            all.add(new Span(Thread.currentThread(), startNanoseconds, endNanoseconds));
            products.add(new Product(site, shape));
        }

        @Override
        public synchronized void stepped(Step step, int layer, long startNanoseconds, long endNanoseconds) {
            all.add(new Span(Thread.currentThread(), startNanoseconds, endNanoseconds));
            steps.merge(new StepSite(step, layer), 1L, Long::sum);
        }

        @Override
        public void enclosed(Part part, int layer, long startNanoseconds, long endNanoseconds) {
            parts.add(new PartOf(part, layer));
            partSpans.add(new Span(Thread.currentThread(), startNanoseconds, endNanoseconds));
        }

        private Map<StepSite, Long> steps() {
            return steps;
        }
    }
}
