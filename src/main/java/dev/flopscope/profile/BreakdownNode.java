package dev.flopscope.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A stretch of a phase and the parts that it is made of. The times and the FLOPs of the parts add up to its own exactly.
 *
 * @param name what it is
 * @param nanoseconds its time
 * @param flops FLOPs of the products in it
 * @param parts what it is made of; none for a leaf
 */
public record BreakdownNode(String name, long nanoseconds, long flops, List<BreakdownNode> parts) {
    /**
     * Keeps a copy.
     *
     * @throws IllegalArgumentException if the parts do not add up
     */
    public BreakdownNode {
        parts = List.copyOf(parts);
        if (!parts.isEmpty() && (nanoseconds != nanoseconds(parts) || flops != flops(parts))) {
            throw new IllegalArgumentException("the parts of " + name + " do not add up: " + nanoseconds(parts) + " of "
                    + nanoseconds + " ns, " + flops(parts) + " of " + flops + " FLOPs");
        }
    }

    static BreakdownNode leaf(String name, long nanoseconds, long flops) {
        return new BreakdownNode(name, nanoseconds, flops, List.of());
    }

    static BreakdownNode of(String name, List<BreakdownNode> parts) {
        return new BreakdownNode(name, nanoseconds(parts), flops(parts), parts);
    }

    /** Joins nodes to one: parts of the same name are added up, in the order in which the names first come. */
    static BreakdownNode together(String name, List<BreakdownNode> nodes) {
        Map<String, List<BreakdownNode>> byName = new LinkedHashMap<>();
        nodes.forEach(node -> node.parts.forEach(part ->
                byName.computeIfAbsent(part.name, unused -> new ArrayList<>()).add(part)));
        return of(
                name,
                byName.entrySet().stream()
                        .map(entry -> leaf(entry.getKey(), nanoseconds(entry.getValue()), flops(entry.getValue())))
                        .toList());
    }

    /** Whether it is made of parts. */
    boolean hasParts() {
        return !parts.isEmpty();
    }

    private static long nanoseconds(List<BreakdownNode> parts) {
        return parts.stream().mapToLong(BreakdownNode::nanoseconds).sum();
    }

    private static long flops(List<BreakdownNode> parts) {
        return parts.stream().mapToLong(BreakdownNode::flops).reduce(0, Math::addExact);
    }
}
