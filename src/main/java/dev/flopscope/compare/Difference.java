package dev.flopscope.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A value that two results do not have in common.
 *
 * @param key its JSON key
 * @param a in the first, {@code "none"} if it lacks it
 * @param b in the second, {@code "none"} if it lacks it
 */
public record Difference(String key, String a, String b) {
    private static final String NONE = "none";

    /** All keys whose values differ, in the order of the keys. */
    static List<Difference> between(Map<String, String> a, Map<String, String> b) {
        SortedSet<String> keys = new TreeSet<>(a.keySet());
        keys.addAll(b.keySet());
        List<Difference> differences = new ArrayList<>();
        for (String key : keys) {
            Difference difference = new Difference(key, a.getOrDefault(key, NONE), b.getOrDefault(key, NONE));
            if (!difference.a.equals(difference.b)) {
                differences.add(difference);
            }
        }
        return differences;
    }

    /** {@code threads 1 → 2}. */
    public String describe() {
        return key + " " + a + " → " + b;
    }
}
