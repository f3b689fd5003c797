package dev.flopscope.audit;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.PhaseAccount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What must hold of experts whatever a router chooses, beside the sum of their rows: there are no more than the model has, each
 * multiplies at most once a chunk, and its gate, its way up and its way down get the same rows.
 */
final class RoutingCheck {
    private RoutingCheck() {}

    /** A line for everything that does not hold. */
    static List<String> disagreements(PhaseAccount expected, Map<MatmulSite, SiteCount> counted) {
        Map<Integer, Integer> experts = new HashMap<>();
        Map<Integer, Integer> products = new HashMap<>();
        expected.sites().stream().filter(account -> account.form().isRouted()).forEach(account -> {
            experts.put(account.site().layer(), account.form().experts());
            products.merge(account.site().layer(), 1, Integer::sum);
        });
        SortedMap<MatmulSite, SortedMap<MatmulKind, Map<Long, Long>>> rows = new TreeMap<>();
        List<String> lines = new ArrayList<>();
        counted.forEach((site, count) -> {
            if (site.expert() != MatmulSite.NO_EXPERT && experts.containsKey(site.layer())) {
                if (site.expert() >= experts.get(site.layer())) {
                    lines.add(site + ": the layer has " + experts.get(site.layer()) + " experts");
                }
                if (count.calls() > expected.steps()) {
                    lines.add(site + ": " + count.calls() + " products in " + expected.steps() + " chunks");
                }
                rows.computeIfAbsent(
                                new MatmulSite(MatmulKind.FFN_UP, site.layer(), site.expert()),
                                unused -> new TreeMap<>())
                        .put(site.kind(), rowsOf(count));
            }
        });
        rows.forEach((site, kinds) -> {
            if (kinds.values().stream().distinct().count() > 1
                    || kinds.size() < products.getOrDefault(site.layer(), 0)) {
                lines.add("layers." + site.layer() + ".experts." + site.expert()
                        + ": its products have different rows: " + kinds);
            }
        });
        return lines;
    }

    private static Map<Long, Long> rowsOf(SiteCount count) {
        Map<Long, Long> rows = new TreeMap<>();
        for (Map.Entry<MatmulShape, Long> entry : count.callsByShape().entrySet()) {
            rows.merge(entry.getKey().m(), entry.getValue(), Math::addExact);
        }
        return rows;
    }
}
