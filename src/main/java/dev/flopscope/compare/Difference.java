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
 * @param a in the first; if it lacks it, what that stands for, or {@code "none"} if it stands for nothing
 * @param b in the second, likewise
 */
public record Difference(String key, String a, String b) {
    private static final String NONE = "none";

    /** What results stand for that leave a key out. */
    private static final Map<String, String> LEFT_OUT = Map.of("logits", "all", "chunk", "whole prompt");

    /** All keys whose values differ, in the order of the keys. */
    static List<Difference> between(Map<String, String> a, Map<String, String> b) {
        SortedSet<String> keys = new TreeSet<>(a.keySet());
        keys.addAll(b.keySet());
        List<Difference> differences = new ArrayList<>();
        for (String key : keys) {
            String absent = LEFT_OUT.getOrDefault(key, NONE);
            Difference difference = new Difference(key, a.getOrDefault(key, absent), b.getOrDefault(key, absent));
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
