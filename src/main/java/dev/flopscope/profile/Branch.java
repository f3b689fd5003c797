package dev.flopscope.profile;

import java.util.List;

/**
 * A stretch of a pass and the parts it is made of, whose times and FLOPs add up to its own exactly.
 *
 * @param name what it is
 * @param nanoseconds its time
 * @param flops FLOPs of the products in it
 * @param parts what it is made of; none for a leaf
 */
public record Branch(String name, long nanoseconds, long flops, List<Branch> parts) {
    /**
     * Keeps a copy.
     *
     * @throws IllegalArgumentException if the parts do not add up
     */
    public Branch {
        parts = List.copyOf(parts);
        if (!parts.isEmpty() && (nanoseconds != nanoseconds(parts) || flops != flops(parts))) {
            throw new IllegalArgumentException("the parts of " + name + " do not add up: " + nanoseconds(parts) + " of "
                    + nanoseconds + " ns, " + flops(parts) + " of " + flops + " FLOPs");
        }
    }

    static Branch leaf(String name, long nanoseconds, long flops) {
        return new Branch(name, nanoseconds, flops, List.of());
    }

    static Branch of(String name, List<Branch> parts) {
        return new Branch(name, nanoseconds(parts), flops(parts), parts);
    }

    private static long nanoseconds(List<Branch> parts) {
        return parts.stream().mapToLong(Branch::nanoseconds).sum();
    }

    private static long flops(List<Branch> parts) {
        return parts.stream().mapToLong(Branch::flops).reduce(0, Math::addExact);
    }
}
