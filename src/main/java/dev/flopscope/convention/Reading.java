package dev.flopscope.convention;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pass by one convention.
 *
 * @param convention the convention
 * @param terms FLOPs by name: kinds of product in the order of a pass, then what others count and we do not; none is 0
 * @param reasons by term, how this convention differs from ours; terms that are ours have none
 */
public record Reading(NamedConvention convention, Map<String, BigInteger> terms, Map<String, List<String>> reasons) {
    /** Keeps copies. */
    public Reading {
        terms = Collections.unmodifiableMap(new LinkedHashMap<>(terms));
        reasons = Map.copyOf(reasons);
    }

    /** All FLOPs. */
    public BigInteger total() {
        return terms.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** FLOPs of a term, 0 if it is not counted. */
    BigInteger flops(String term) {
        return terms.getOrDefault(term, BigInteger.ZERO);
    }

    /** How this convention differs from ours in a term; mostly not at all. */
    List<String> reasons(String term) {
        return reasons.getOrDefault(term, List.of());
    }
}
