package dev.flopscope.counter;

import dev.flopscope.nd4j.Operation;
import dev.flopscope.nd4j.OperationListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the products that ND4J executes on any thread, by region.
 *
 * <p>A thread that entered a region counts there. Every other thread counts where the thread that made the ledger is at that
 * moment, so that the workers of a step belong to the step. Inside of a region, the name scopes of SameDiff are regions.
 */
public final class FlopLedger implements OperationListener {
    private final Region outermost = new Region("all", null);
    private final FlopFormulas formulas = new FlopFormulas();
    /** Where threads are that entered a region, but for the owner. */
    private final Map<Thread, Region> entered = new ConcurrentHashMap<>();

    private final Thread owner = Thread.currentThread();
    private volatile Region ofOwner;

    /** An empty ledger of the current thread, which is in the outermost region. */
    public FlopLedger() {
        ofOwner = outermost;
    }

    /** Declares the FLOPs of an operation, from its next execution at a shape that was not met before. */
    public void declare(String operation, FlopFormula formula) {
        formulas.declare(operation, formula);
    }

    /**
     * Enters a region inside of that where the current thread is.
     *
     * @return leaves it, on the same thread
     */
    public Runnable enter(String name) {
        Thread thread = Thread.currentThread();
        Region before = current();
        @Nullable Region own = entered.get(thread);
        Region region = before.inner(name);
        moveTo(region);
        return () -> {
            if (Thread.currentThread() != thread || current() != region) {
                throw new IllegalStateException(
                        "region \"" + name + "\" is left where it is not the innermost of its thread");
            }
            moveTo(thread == owner ? before : own);
        };
    }

    private void moveTo(@Nullable Region region) {
        if (Thread.currentThread() == owner && region != null) {
            ofOwner = region;
        } else if (region == null) {
            entered.remove(Thread.currentThread());
        } else {
            entered.put(Thread.currentThread(), region);
        }
    }

    private Region current() {
        Region own = entered.get(Thread.currentThread());
        return own == null ? ofOwner : own;
    }

    @Override
    public boolean wants(String name) {
        return formulas.basis(name) != null;
    }

    @Override
    public void executed(Operation operation, String scope, long nanoseconds) {
        Region region = current();
        if (!scope.isEmpty()) {
            for (String part : scope.split("/", -1)) {
                region = region.inner(part);
            }
        }
        region.tally(operation, formulas).add(operation, nanoseconds);
    }

    /** What has been counted so far. */
    public RegionCount snapshot() {
        return outermost.snapshot();
    }
}
