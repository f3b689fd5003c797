package dev.flopscope.counter;

import dev.flopscope.nd4j.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A region while it is counted: operations of it from any thread, and regions inside of it. */
final class Region {
    /**
     * How many different shapes are told apart. A program that grows its arrays step by step has a new one each time; those
     * after so many are counted as well, in one line an operation.
     */
    private static final int MOST_SHAPES = 10_000;

    private final String name;
    private final @Nullable Region outer;
    private final Map<String, Region> inner = new LinkedHashMap<>();
    private final ConcurrentHashMap<Operation, Tally> tallies = new ConcurrentHashMap<>();

    Region(String name, @Nullable Region outer) {
        this.name = name;
        this.outer = outer;
    }

    /** The region around it; null for the outermost. */
    @Nullable
    Region outer() {
        return outer;
    }

    /** The region of that name inside of it, which begins if there was none. */
    synchronized Region inner(String of) {
        return inner.computeIfAbsent(of, unused -> new Region(of, this));
    }

    /** Where {@code operation} is tallied. */
    Tally tally(Operation operation, FlopFormulas formulas) {
        Tally tally = tallies.get(operation);
        if (tally != null) {
            return tally;
        }
        if (tallies.size() < MOST_SHAPES) {
            return tallies.computeIfAbsent(operation, new Tally(operation, formulas)::itself);
        }
        Operation anyShape = new Operation(operation.name(), List.of(), List.of(), List.of());
        return tallies.computeIfAbsent(anyShape, new Tally(operation, formulas).ofAnyShape()::itself);
    }

    /** What has been counted so far. */
    RegionCount snapshot() {
        List<RegionCount> regions;
        synchronized (this) {
            regions = inner.values().stream().map(Region::snapshot).toList();
        }
        return new RegionCount(
                name,
                tallies.values().stream()
                        .map(Tally::snapshot)
                        .sorted(Tally.ORDER)
                        .toList(),
                regions);
    }
}
