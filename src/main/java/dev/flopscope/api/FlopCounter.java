package dev.flopscope.api;

import dev.flopscope.counter.FlopFormula;
import dev.flopscope.counter.FlopLedger;
import dev.flopscope.counter.RegionCount;
import dev.flopscope.document.Format;
import dev.flopscope.nd4j.Nd4jHook;
import dev.flopscope.nd4j.OperationListeners;
import dev.flopscope.report.counter.CounterReport;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Counts the products that ND4J executes, in any program and on any thread, from {@link #open} to {@link #close}.
 *
 * <pre>{@code
 * try (FlopCounter counter = FlopCounter.open()) {
 *     INDArray scores = counter.region("attention", () -> queries.mmul(keys.transpose()));
 *     counter.report();
 * }
 * }</pre>
 *
 * <p>A multiply-add is two FLOPs. Products of matrices and vectors are observed: their extents are read from their operands
 * after they succeeded. Operations that hold products, such as convolutions, recurrent layers and fused attention, are
 * declared: a formula says how many FLOPs their shapes mean. Operations that may hold products and have no formula are
 * listed as uncounted. ND4J executes a product with a number, as {@code a.mmul(b)} is where b has one element, by scaling an
 * array, which is no product.
 *
 * <p>Several counters may be open, one inside of the other or beside each other; each counts everything from its own opening
 * to its own closing.
 */
public final class FlopCounter implements AutoCloseable {
    private final FlopLedger ledger = new FlopLedger();
    private final Instant began = Instant.now();

    private FlopCounter() {}

    /**
     * Starts to count. Starts ND4J if nothing has.
     *
     * @throws IllegalStateException if ND4J runs on another backend than that for CPUs, or does not let itself be counted; the
     *     message says with which options Java has to be started then
     */
    public static FlopCounter open() {
        Nd4jHook.install();
        FlopCounter counter = new FlopCounter();
        OperationListeners.add(counter.ledger);
        return counter;
    }

    /**
     * Counts what follows in a region of its own, inside of the one that the current thread is in, until the region is
     * closed. A region that is entered again goes on. Threads that are in no region of their own count where the thread that
     * opened the counter is at that moment.
     */
    public Region region(String name) {
        Runnable leave = ledger.enter(name);
        return leave::run;
    }

    /** Does {@code work} in a region, as {@link #region(String)} has it. */
    public void region(String name, Runnable work) {
        Runnable leave = ledger.enter(name);
        try {
            work.run();
        } finally {
            leave.run();
        }
    }

    /** Does {@code work} in a region, as {@link #region(String)} has it, and returns its result. */
    public <T> T region(String name, Supplier<T> work) {
        Runnable leave = ledger.enter(name);
        try {
            return work.get();
        } finally {
            leave.run();
        }
    }

    /** A region that was entered. */
    @FunctionalInterface
    public interface Region extends AutoCloseable {
        /**
         * Leaves it.
         *
         * @throws IllegalStateException on another thread, or if a region inside of it was not left
         */
        @Override
        void close();
    }

    /**
     * Declares the FLOPs of an operation that has no formula, or other ones for an operation that has. Must be called before
     * the operation is executed.
     *
     * @param operation ND4J's name of it, as reports show it
     * @return this counter
     */
    public FlopCounter declare(String operation, FlopFormula formula) {
        ledger.declare(operation, formula);
        return this;
    }

    /**
     * FLOPs of all products so far.
     *
     * @throws ArithmeticException if they exceed 2⁶³−1
     */
    public long flops() {
        return counts().flops();
    }

    /** What has been counted so far: a tree of regions, with operations in each. */
    public RegionCount counts() {
        return ledger.snapshot();
    }

    /** What has been counted so far, as tables for a terminal. */
    public String table() {
        return Format.TABLE.render(result(), List.of());
    }

    /** What has been counted so far, as JSON; {@code flopscope schema counter} prints its schema. */
    public String json() {
        return Format.JSON.render(result(), List.of());
    }

    private CounterReport result() {
        return new CounterReport(counts(), began);
    }

    /** Prints {@link #table} to standard output. */
    public void report() {
        report(System.out);
    }

    /** Prints {@link #table} to {@code stream}, in UTF-8 whatever the locale's encoding is. */
    public void report(PrintStream stream) {
        byte[] table = table().getBytes(StandardCharsets.UTF_8);
        stream.write(table, 0, table.length);
        stream.flush();
    }

    /** Stops to count. What was counted can still be read. Closing again does nothing. */
    @Override
    public void close() {
        OperationListeners.remove(ledger);
    }
}
