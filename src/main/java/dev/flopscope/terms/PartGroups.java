package dev.flopscope.terms;

import dev.flopscope.polynomial.Polynomial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Parts of a quantity that people count, forget or double together. */
final class PartGroups {
    /** Groups by the names of their parts; parts that a model lacks are left out. */
    private static final List<List<String>> TOGETHER = List.of(
            List.of("attn_scores", "attn_values"),
            List.of("k_proj", "v_proj"),
            List.of("q_proj", "k_proj", "v_proj"),
            List.of("q_proj", "o_proj"),
            List.of("q_proj", "k_proj", "v_proj", "o_proj"),
            List.of("q_proj", "k_proj", "v_proj", "attn_scores", "attn_values", "o_proj"),
            List.of("ffn_gate", "ffn_up"),
            List.of("ffn_up", "ffn_down"),
            List.of("ffn_gate", "ffn_up", "ffn_down"),
            List.of("router", "ffn_gate", "ffn_up", "ffn_down"),
            List.of("shared_router", "shared_gate", "shared_up", "shared_down"),
            List.of("shared_gate", "shared_up", "shared_down"),
            List.of("final_norm", "norms"),
            List.of("final_norm", "norms", "biases"),
            List.of("lm_head", "embedding"),
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "ffn_gate", "ffn_up", "ffn_down"),
            List.of(
                    "q_proj",
                    "k_proj",
                    "v_proj",
                    "attn_scores",
                    "attn_values",
                    "o_proj",
                    "ffn_gate",
                    "ffn_up",
                    "ffn_down"));

    /**
     * Parts that are spoken of at once.
     *
     * @param name the parts by their names; {@code one of} several that add the same
     * @param several whether a verb after the name is in the plural
     * @param adds what they add to the quantity
     */
    record Group(String name, boolean several, Polynomial adds) {
        /** What it costs to speak of them: nothing for one part, more for many. */
        int cost() {
            long names = 1 + name.chars().filter(sign -> sign == ',').count();
            return !several ? 0 : names > 3 ? 2 : 1;
        }
    }

    private PartGroups() {}

    /** Single parts, those that add the same as one entry, then groups; none of all parts together. */
    static List<Group> of(Map<String, Polynomial> parts) {
        Map<Polynomial, List<String>> same = new LinkedHashMap<>();
        parts.forEach((name, adds) ->
                same.computeIfAbsent(adds, unused -> new ArrayList<>()).add(name));
        List<Group> groups = new ArrayList<>();
        same.forEach((adds, names) -> {
            if (!adds.isZero()) {
                groups.add(new Group(
                        names.size() == 1 ? names.get(0) : "one of " + String.join(", ", names), false, adds));
            }
        });
        for (List<String> together : TOGETHER) {
            List<String> names = together.stream().filter(parts::containsKey).toList();
            Polynomial adds = names.stream()
                    .map(name -> Objects.requireNonNull(parts.get(name)))
                    .reduce(Polynomial.ZERO, Polynomial::plus);
            if (names.size() > 1
                    && names.size() < parts.size()
                    && groups.stream().noneMatch(group -> group.adds().equals(adds))) {
                groups.add(new Group(joined(names), true, adds));
            }
        }
        return groups;
    }

    /** {@code a, b and c}. */
    static String joined(List<String> names) {
        return names.size() == 1
                ? names.get(0)
                : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.get(names.size() - 1);
    }
}
