package dev.flopscope.time;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Adds up spans so that the sums and the wall time can be laid side by side.
 *
 * <p>Where n threads work side by side, a span counts for an n-th of its length, rounded down, and what is left of that
 * stretch's wall time is waiting. So the sums of a stretch are its wall time to the nanosecond, whatever n divides. What a
 * span costs is a look-up and an addition; nothing is allocated.
 */
public final class TimeTally implements Timeline {
    private final ConcurrentMap<MatmulSite, LongAdder> products = new ConcurrentHashMap<>();
    private final Map<Operator, ConcurrentMap<Integer, LongAdder>> operators = new EnumMap<>(Operator.class);
    private final LongAdder insideSpans = new LongAdder();
    private volatile int sharing = 1;
    private long stretchStart;
    private long waiting;

    /** Nothing has happened yet. */
    public TimeTally() {
        for (Operator operator : Operator.values()) {
            operators.put(operator, new ConcurrentHashMap<>());
        }
    }

    @Override
    public void multiplied(MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds) {
        add(products.computeIfAbsent(site, unused -> new LongAdder()), endNanoseconds - startNanoseconds);
    }

    @Override
    public void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds) {
        add(
                Objects.requireNonNull(operators.get(operator)).computeIfAbsent(layer, unused -> new LongAdder()),
                endNanoseconds - startNanoseconds);
    }

    private void add(LongAdder sum, long nanoseconds) {
        int threads = sharing;
        sum.add(nanoseconds / threads);
        if (threads > 1) {
            insideSpans.add(nanoseconds / threads);
        }
    }

    @Override
    public void parallel(int threads, long startNanoseconds) {
        insideSpans.reset();
        stretchStart = startNanoseconds;
        sharing = threads;
    }

    @Override
    public void joined(long endNanoseconds) {
        if (sharing > 1) {
            waiting += endNanoseconds - stretchStart - insideSpans.sum();
        }
        sharing = 1;
    }

    /**
     * What was told since the last call, and starts over. For the thread that runs the pass, when no span is under way.
     */
    public Times take() {
        SortedMap<MatmulSite, Long> productTimes = new TreeMap<>();
        products.forEach((site, sum) -> putUnlessZero(productTimes, site, sum.sumThenReset()));
        SortedMap<OperatorSite, Long> operatorTimes = new TreeMap<>();
        operators.forEach((operator, layers) -> layers.forEach(
                (layer, sum) -> putUnlessZero(operatorTimes, new OperatorSite(operator, layer), sum.sumThenReset())));
        Times times = new Times(productTimes, operatorTimes, waiting);
        waiting = 0;
        return times;
    }

    /** Sums are kept for the next call, so those of another phase are still there, with nothing in them. */
    private static <T> void putUnlessZero(SortedMap<T, Long> times, T key, long nanoseconds) {
        if (nanoseconds != 0) {
            times.put(key, nanoseconds);
        }
    }
}
