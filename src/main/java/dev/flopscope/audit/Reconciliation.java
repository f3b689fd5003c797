package dev.flopscope.audit;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.KindAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counted against expected, at every site: a total alone would let errors cancel.
 *
 * @param sites one check a site, in the order of a pass; a site that only one side knows is here too
 * @param sizes one check for each part of the parameters and of memory
 */
public record Reconciliation(List<SiteCheck> sites, List<SizeCheck> sizes) {
    /** Keeps copies. */
    public Reconciliation {
        sites = List.copyOf(sites);
        sizes = List.copyOf(sizes);
    }

    /**
     * Holds one pass against its closed form.
     *
     * @param expected the closed forms
     * @param counted what the interceptor counted
     * @param sizes what was found in memory against its closed forms
     */
    public static Reconciliation of(Account expected, Map<MatmulSite, SiteCount> counted, List<SizeCheck> sizes) {
        return of(expected.kinds(), counted, sizes);
    }

    /**
     * Holds counts against the closed forms of whatever was counted: a pass, or several.
     *
     * @param expected the closed forms, one a kind
     * @param counted what the interceptor counted
     * @param sizes what was found in memory against its closed forms
     */
    public static Reconciliation of(
            List<KindAccount> expected, Map<MatmulSite, SiteCount> counted, List<SizeCheck> sizes) {
        SortedMap<MatmulSite, KindAccount> forms = expectedSites(expected);
        SortedSet<MatmulSite> all = new TreeSet<>(forms.keySet());
        all.addAll(counted.keySet());
        List<SiteCheck> checks = all.stream()
                .map(site -> new SiteCheck(
                        site, Optional.ofNullable(forms.get(site)), Optional.ofNullable(counted.get(site))))
                .toList();
        return new Reconciliation(checks, sizes);
    }

    private static SortedMap<MatmulSite, KindAccount> expectedSites(List<KindAccount> expected) {
        SortedMap<MatmulSite, KindAccount> sites = new TreeMap<>();
        for (KindAccount form : expected) {
            if (form.kind() == MatmulKind.LM_HEAD) {
                sites.put(MatmulSite.lmHead(), form);
            } else {
                for (int layer = 0; layer < form.layers(); layer++) {
                    sites.put(new MatmulSite(form.kind(), layer), form);
                }
            }
        }
        return sites;
    }

    /** Whether every site and every size agrees. */
    public boolean agrees() {
        return sites.stream().allMatch(SiteCheck::agrees) && sizes.stream().allMatch(SizeCheck::agrees);
    }

    /** How many sites and sizes were held against their closed forms. */
    public long checks() {
        return (long) sites.size() + sizes.size();
    }

    /** A line for each site and size that does not agree. */
    public List<String> disagreements() {
        List<String> lines = new ArrayList<>();
        sites.stream().filter(check -> !check.agrees()).map(SiteCheck::describe).forEach(lines::add);
        sizes.stream().filter(check -> !check.agrees()).map(SizeCheck::describe).forEach(lines::add);
        return lines;
    }

    /** FLOPs counted at all sites. */
    public long countedFlops() {
        return sites.stream().mapToLong(SiteCheck::countedFlops).reduce(0, Math::addExact);
    }

    /** Bytes that what was counted at all sites must move at the least. */
    public long countedLeastBytes() {
        return sites.stream()
                .flatMap(check -> check.counted().stream())
                .mapToLong(SiteCount::leastBytes)
                .reduce(0, Math::addExact);
    }

    /** FLOPs expected at all sites. */
    public long expectedFlops() {
        return sites.stream().mapToLong(SiteCheck::expectedFlops).reduce(0, Math::addExact);
    }
}
