package dev.flopscope.matmul;

import dev.flopscope.count.MatmulSite;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The timer beside the counter: adds up the time inside products, by site. A product that throws adds nothing.
 *
 * <p>Where products run on several threads at once, times add up to more than the clock on the wall shows.
 */
public final class TimingMatmul implements Matmul {
    private final Matmul delegate;
    private final ConcurrentMap<MatmulSite, LongAdder> nanoseconds = new ConcurrentHashMap<>();

    /** Times the products of {@code delegate}. */
    public TimingMatmul(Matmul delegate) {
        this.delegate = delegate;
    }

    @Override
    public void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
        long start = System.nanoTime();
        delegate.multiply(site, left, right, rightIs, result);
        long elapsed = System.nanoTime() - start;
        nanoseconds.computeIfAbsent(site, unused -> new LongAdder()).add(elapsed);
    }

    /** Nanoseconds inside products at {@code site} so far; 0 if there were none. */
    public long nanoseconds(MatmulSite site) {
        LongAdder sum = nanoseconds.get(site);
        return sum == null ? 0 : sum.sum();
    }
}
