package dev.flopscope.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** Branches of the same form as one: parts of the same name add up, in the order they first come. */
    static Branch together(String name, List<Branch> branches) {
        Map<String, List<Branch>> byName = new LinkedHashMap<>();
        branches.forEach(branch -> branch.parts.forEach(part ->
                byName.computeIfAbsent(part.name, unused -> new ArrayList<>()).add(part)));
        return of(
                name,
                byName.entrySet().stream()
                        .map(entry -> leaf(entry.getKey(), nanoseconds(entry.getValue()), flops(entry.getValue())))
                        .toList());
    }

    /** The same under another name. */
    public Branch named(String other) {
        return new Branch(other, nanoseconds, flops, parts);
    }

    /** Whether it is made of parts. */
    boolean hasParts() {
        return !parts.isEmpty();
    }

    private static long nanoseconds(List<Branch> parts) {
        return parts.stream().mapToLong(Branch::nanoseconds).sum();
    }

    private static long flops(List<Branch> parts) {
        return parts.stream().mapToLong(Branch::flops).reduce(0, Math::addExact);
    }
}
