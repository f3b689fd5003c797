package dev.flopscope.counter;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What was counted in a region, and in the regions inside of it.
 *
 * @param name its name
 * @param operations what was executed in it, and in none of {@code regions}
 * @param regions the regions inside of it, in the order in which they were first entered
 */
public record RegionCount(String name, List<OperationCount> operations, List<RegionCount> regions) {
    /** Keeps copies. */
    public RegionCount {
        operations = List.copyOf(operations);
        regions = List.copyOf(regions);
    }

    /**
     * FLOPs of all products in it and inside of it.
     *
     * @throws ArithmeticException if they exceed 2⁶³−1
     */
    public long flops() {
        return sum(OperationCount::flops);
    }

    /** How many operations were counted in it and inside of it; a stack of products is one. */
    public long calls() {
        return sum(operation -> operation.basis() == Basis.UNCOUNTED ? 0 : operation.calls());
    }

    /** Nanoseconds of those. */
    public long nanoseconds() {
        return sum(operation -> operation.basis() == Basis.UNCOUNTED ? 0 : operation.nanoseconds());
    }

    /** Every operation in it and inside of it. */
    public Stream<OperationCount> all() {
        return Stream.concat(operations.stream(), regions.stream().flatMap(RegionCount::all));
    }

    /** Operations that may hold products and are not in {@link #flops}, in it and inside of it. */
    public List<OperationCount> uncounted() {
        return all().filter(operation -> operation.basis() == Basis.UNCOUNTED).toList();
    }

    /**
     * The region of that name inside of it.
     *
     * @throws IllegalArgumentException if there is none
     */
    public RegionCount region(String inner) {
        return regions.stream()
                .filter(region -> region.name.equals(inner))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no region \"" + inner + "\" in \"" + name + "\""));
    }

    private long sum(ToLongFunction<OperationCount> value) {
        return all().mapToLong(value).reduce(0, Math::addExact);
    }
}
