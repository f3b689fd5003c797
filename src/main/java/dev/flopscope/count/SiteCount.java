package dev.flopscope.count;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was counted at one site.
 *
 * @param callsByShape products by their shape; one shape in a sound pass, several where something is off
 */
public record SiteCount(Map<MatmulShape, Long> callsByShape) {
    /** Keeps a copy. */
    public SiteCount {
        callsByShape = Map.copyOf(callsByShape);
    }

    /** What was counted here and there. */
    public SiteCount plus(SiteCount other) {
        Map<MatmulShape, Long> calls = new HashMap<>(callsByShape);
        other.callsByShape.forEach((shape, number) -> calls.merge(shape, number, Math::addExact));
        return new SiteCount(calls);
    }

    /** Products counted. */
    public long calls() {
        return callsByShape.values().stream().reduce(0L, Math::addExact);
    }

    /**
     * FLOPs counted.
     *
     * @throws ArithmeticException if the sum exceeds 2⁶³−1
     */
    public long flops() {
        long flops = 0;
        for (Map.Entry<MatmulShape, Long> entry : callsByShape.entrySet()) {
            flops = Math.addExact(
                    flops,
                    Math.multiplyExact(entry.getKey().flops(), entry.getValue().longValue()));
        }
        return flops;
    }

    /**
     * Compulsory traffic of the counted products in bytes; what a cache keeps from one to the next is not subtracted.
     *
     * @throws ArithmeticException if the sum exceeds 2⁶³−1
     */
    public long compulsoryBytes() {
        return callsByShape.entrySet().stream()
                .mapToLong(entry -> Math.multiplyExact(entry.getKey().compulsoryBytes(), (long) entry.getValue()))
                .reduce(0, Math::addExact);
    }

    /** {@code 12 of 1024×64×1024}, joined by commas where shapes differ. */
    public String describe() {
        Map<String, Long> sorted = new TreeMap<>();
        callsByShape.forEach((shape, calls) -> sorted.put(shape.toString(), calls));
        StringBuilder text = new StringBuilder();
        sorted.forEach((shape, calls) -> text.append(text.isEmpty() ? "" : ", ")
                .append(calls)
                .append(" of ")
                .append(shape));
        return text.toString();
    }
}
