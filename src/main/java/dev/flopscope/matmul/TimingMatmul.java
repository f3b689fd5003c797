package dev.flopscope.matmul;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.tensor.Weight;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The timer beside the counter: adds up the time inside products, by site. A product that throws adds nothing.
 *
 * <p>Of products that run side by side on n threads, each counts for an n-th of its time, so that the sum is what the clock
 * on the wall shows if all threads are busy.
 */
public final class TimingMatmul implements Matmul {
    private final Matmul delegate;
    private volatile int sharing = 1;
    private final ConcurrentMap<MatmulSite, LongAdder> nanoseconds = new ConcurrentHashMap<>();

    /** Times the products of {@code delegate}. */
    public TimingMatmul(Matmul delegate) {
        this.delegate = delegate;
    }

    @Override
    public void multiply(MatmulSite site, INDArray left, INDArray right, Right rightIs, INDArray result) {
        long start = System.nanoTime();
        delegate.multiply(site, left, right, rightIs, result);
        add(site, start);
    }

    @Override
    public void project(MatmulSite site, INDArray left, Weight weight, INDArray result) {
        long start = System.nanoTime();
        delegate.project(site, left, weight, result);
        add(site, start);
    }

    private void add(MatmulSite site, long start) {
        long elapsed = (System.nanoTime() - start) / sharing;
        nanoseconds.computeIfAbsent(site, unused -> new LongAdder()).add(elapsed);
    }

    @Override
    public void sideBySide(int threads, Runnable work) {
        sharing = threads;
        try {
            delegate.sideBySide(threads, work);
        } finally {
            sharing = 1;
        }
    }

    /** Nanoseconds inside products at {@code site} so far; 0 if there were none. */
    public long nanoseconds(MatmulSite site) {
        LongAdder sum = nanoseconds.get(site);
        return sum == null ? 0 : sum.sum();
    }
}
