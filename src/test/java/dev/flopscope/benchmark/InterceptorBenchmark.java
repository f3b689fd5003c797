package dev.flopscope.benchmark;

import dev.flopscope.backend.Clock;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.forward.Transformer;
import dev.flopscope.observe.Interceptor;
import dev.flopscope.profile.Statistics;
import dev.flopscope.time.Operator;
import dev.flopscope.time.TimeTally;
import dev.flopscope.time.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongUnaryOperator;

/**
 * What counting and timing cost: the interceptor of {@code run} on and off in one process, in turns from layer to layer of
 * the same pass.
 *
 * <p>Two passes, a second or two each, differ by more than the interceptor costs, since the machine's speed drifts meanwhile;
 * neighbouring layers differ less. In every other pass the layers swap, so that a layer's place favours neither. A sample is
 * the difference of two neighbours with and without, the mean over two passes.
 *
 * <p>Even so, at the tiles that passes use the cost drowns in noise. It is by the span, so it is measured on tiles of {@value
 * #SMALL_TILE}×{@value #SMALL_TILE}, which have some fifty times as many spans, and a span's share of that is multiplied by
 * the spans of a pass. Logits with and without are compared bit by bit.
 *
 * <p>On a GPU, where the host asks for work and does not wait, whole passes with and without are compared, in turns.
 *
 * <p>Start it with {@code mvn -q -Pbenchmark test-compile exec:exec -Dbenchmark=Interceptor -Drounds=40}.
 */
public final class InterceptorBenchmark {
    private static final int SMALL_TILE = 32;
    private static final int WARM_UPS = 2;
    private static final int WHOLE_PASSES = 5;
    /** Half the width of a 95 % interval of a median, in ranks over the root of the number of samples. */
    private static final double RANKS = 1.96 / 2;

    private final BenchmarkModel model;
    private final int layers;
    private final Switch context;
    private final Interceptor interceptor;

    private InterceptorBenchmark(ModelConfig config, BenchmarkModel model) {
        this.model = model;
        this.layers = config.numLayers();
        this.interceptor = model.observed(new FlopTally(), new TimeTally());
        this.context = new Switch(ExecutionContext.unobserved(model.backend().products()), interceptor);
    }

    /** Arguments: a model, the number of rounds, the algorithm of attention of the pass, and the engine. */
    public static void main(String[] arguments) {
        ModelConfig config = new ModelCatalog().find(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Attention attention = Attention.of(Algorithm.valueOf(arguments[2].toUpperCase(Locale.ROOT)));
        Engine engine = Engine.valueOf(arguments[3].toUpperCase(Locale.ROOT));
        int threads = Runtime.getRuntime().availableProcessors();
        try (BenchmarkModel model = BenchmarkModel.start(config, engine, threads)) {
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d threads, %s, %d rounds of two passes%n",
                    model.backend().library().describe(),
                    threads,
                    config.name(),
                    rounds);
            InterceptorBenchmark benchmark = new InterceptorBenchmark(config, model);
            if (engine.isOnGpu()) {
                benchmark.measureWhole(attention, rounds);
            } else {
                benchmark.measure(attention, rounds);
            }
        }
    }

    private void measure(Attention attention, int rounds) {
        Attention small = new Attention(Algorithm.TILED, SMALL_TILE, SMALL_TILE);
        long spansOfLayer = spans(small) / layers;
        double[] nanoseconds = Arrays.stream(differences(model.transformer(small), rounds))
                .map(difference -> difference / spansOfLayer)
                .toArray();
        int middle = nanoseconds.length / 2;
        int ranks = (int) Math.ceil(RANKS * Math.sqrt(nanoseconds.length));
        double low = nanoseconds[Math.max(0, middle - ranks)];
        double high = nanoseconds[Math.min(nanoseconds.length - 1, middle + ranks)];
        System.out.printf(
                Locale.ROOT,
                "a span costs %.0f ns (median of %d samples of %,d spans each; 95 %% interval %.0f to %.0f ns)%n",
                nanoseconds[middle],
                nanoseconds.length,
                spansOfLayer,
                low,
                high);

        Transformer whole = model.transformer(attention);
        long spans = spans(attention);
        double seconds = median(whole);
        double percentOfNanosecond = 100 * spans / seconds / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s attention: %,d spans in a pass of %.3f s: counting and timing cost %.3f %% of it (%.3f to %.3f %%)%n"
                        + "logits with and without equal bit by bit: %s%n",
                attention.algorithm().label(),
                spans,
                seconds,
                nanoseconds[middle] * percentOfNanosecond,
                low * percentOfNanosecond,
                high * percentOfNanosecond,
                sameBits(whole));
    }

    private void measureWhole(Attention attention, int rounds) {
        Transformer transformer = model.transformer(attention);
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        for (int round = -WARM_UPS; round < rounds; round++) {
            double off = seconds(transformer, false);
            double on = seconds(transformer, true);
            if (round >= 0) {
                without.add(off);
                with.add(on);
            }
        }
        double bare = Statistics.median(without);
        double counted = Statistics.median(with);
        System.out.printf(
                Locale.ROOT,
                "%s attention: a pass takes %.6f s without counting and timing, and %.6f s with them, which is %.2f %% more"
                        + " (medians of %d each, in turns)%nlogits with and without equal bit by bit: %s%n",
                attention.algorithm().label(),
                bare,
                counted,
                100 * (counted / bare - 1),
                rounds,
                sameBits(transformer));
    }

    /** Seconds by the device's clock; what is read after a pass is no part of it. */
    private double seconds(Transformer transformer, boolean on) {
        context.on = on;
        Clock clock = model.backend().clock();
        interceptor.settle();
        long start = clock.now();
        model.run(transformer, context, done -> {});
        long end = clock.now();
        LongUnaryOperator times = interceptor.settle();
        return (times.applyAsLong(end) - times.applyAsLong(start)) / 1e9;
    }

    /** Nanoseconds that a layer takes longer with interceptors than without, sorted. */
    private double[] differences(Transformer transformer, int rounds) {
        List<Double> differences = new ArrayList<>();
        for (int round = -WARM_UPS; round < rounds; round++) {
            long[] evenOn = pass(transformer, 0);
            long[] oddOn = pass(transformer, 1);
            for (int even = 0; round >= 0 && even + 1 < layers; even += 2) {
                int odd = even + 1;
                differences.add((evenOn[even] - evenOn[odd] + oddOn[odd] - oddOn[even]) / 2.0);
            }
        }
        return differences.stream().mapToDouble(x -> x).sorted().toArray();
    }

    /** Nanoseconds of each layer of a pass whose layers are intercepted if their index has this remainder by 2. */
    private long[] pass(Transformer transformer, int remainder) {
        long[] nanoseconds = new long[layers];
        long[] before = {System.nanoTime()};
        context.on = remainder == 0;
        model.run(transformer, context, done -> {
            long now = System.nanoTime();
            nanoseconds[(int) done - 1] = now - before[0];
            before[0] = now;
            context.on = done % 2 == remainder;
        });
        return nanoseconds;
    }

    /** Products and operators of one pass, told as they happen. */
    private long spans(Attention attention) {
        LongAdder spans = new LongAdder();
        Timeline counter = new Timeline() {
            @Override
            public void multiplied(MatmulSite site, MatmulShape shape, long batch, long start, long end) {
                spans.increment();
            }

            @Override
            public void operated(Operator operator, int layer, long start, long end) {
                spans.increment();
            }
        };
        model.run(model.transformer(attention), model.observed((site, shape, batch) -> {}, counter), done -> {});
        return spans.sum();
    }

    private double median(Transformer transformer) {
        double[] seconds = new double[WHOLE_PASSES];
        for (int pass = 0; pass < WHOLE_PASSES; pass++) {
            long start = System.nanoTime();
            model.run(transformer, context, done -> {});
            seconds[pass] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        return seconds[WHOLE_PASSES / 2];
    }

    private boolean sameBits(Transformer transformer) {
        context.on = false;
        float[][] without = copy(model.run(transformer, context, done -> {}));
        context.on = true;
        return Arrays.deepEquals(without, copy(model.run(transformer, context, done -> {})));
    }

    private float[][] copy(Tensor logits) {
        float[][] rows = new float[(int) logits.rows()][(int) logits.columns()];
        for (int row = 0; row < rows.length; row++) {
            model.backend().readRow(logits, row, rows[row]);
        }
        return rows;
    }
}
