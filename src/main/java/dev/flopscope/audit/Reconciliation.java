package dev.flopscope.audit;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.flops.ProductForm;
import dev.flopscope.flops.SiteAccount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What was counted in one phase held against what is expected, at every site: a total alone would let errors cancel.
 *
 * @param sites one check a site, in the order of a pass; a site that only one side knows is here too. The experts of a layer
 *     are one site for each kind of product, since how many rows each gets is known only in sum
 * @param sizes one check for each part of the parameters and of memory
 * @param routing a line for everything that cannot be of the rows of experts
 */
public record Reconciliation(List<SiteCheck> sites, List<SizeCheck> sizes, List<String> routing) {
    /** Keeps copies. */
    public Reconciliation {
        sites = List.copyOf(sites);
        sizes = List.copyOf(sizes);
        routing = List.copyOf(routing);
    }

    /**
     * Holds counts against closed forms.
     *
     * @param expected the closed forms of a phase
     * @param counted what the interceptor counted in it
     * @param sizes what was found in memory held against its closed forms
     */
    public static Reconciliation of(PhaseAccount expected, Map<MatmulSite, SiteCount> counted, List<SizeCheck> sizes) {
        Map<MatmulSite, ProductForm> forms =
                expected.sites().stream().collect(Collectors.toMap(SiteAccount::site, SiteAccount::form));
        Map<MatmulSite, SiteCount> together = new HashMap<>();
        counted.forEach((site, count) -> {
            MatmulSite ofAll = new MatmulSite(site.kind(), site.layer());
            boolean routed = forms.containsKey(ofAll) && forms.get(ofAll).isRouted();
            together.merge(routed ? ofAll : site, count, SiteCount::plus);
        });
        SortedSet<MatmulSite> all = new TreeSet<>(forms.keySet());
        all.addAll(together.keySet());
        List<SiteCheck> checks = all.stream()
                .map(site -> new SiteCheck(
                        site, Optional.ofNullable(forms.get(site)), Optional.ofNullable(together.get(site))))
                .toList();
        return new Reconciliation(checks, sizes, RoutingCheck.disagreements(expected, counted));
    }

    /** Whether every site and every size agrees. */
    public boolean agrees() {
        return disagreements().isEmpty();
    }

    /** How many sites and sizes were held against their closed forms. */
    public long checks() {
        return (long) sites.size() + sizes.size();
    }

    /** A line for each site and size that does not agree. */
    public List<String> disagreements() {
        List<String> lines = new ArrayList<>();
        sites.stream().filter(check -> !check.agrees()).map(SiteCheck::describe).forEach(lines::add);
        lines.addAll(routing);
        sizes.stream().filter(check -> !check.agrees()).map(SizeCheck::describe).forEach(lines::add);
        return lines;
    }

    /**
     * FLOPs counted at all sites.
     *
     * @throws ArithmeticException if the sum exceeds 2⁶³−1
     */
    public long countedFlops() {
        return sites.stream().mapToLong(SiteCheck::countedFlops).reduce(0, Math::addExact);
    }

    /**
     * Compulsory traffic of what was counted at all sites, in bytes.
     *
     * @throws ArithmeticException if the sum exceeds 2⁶³−1
     */
    public long countedCompulsoryBytes() {
        return sites.stream()
                .flatMap(check -> check.counted().stream())
                .mapToLong(SiteCount::compulsoryBytes)
                .reduce(0, Math::addExact);
    }

    /**
     * FLOPs expected at all sites.
     *
     * @throws ArithmeticException if the sum exceeds 2⁶³−1
     */
    public long expectedFlops() {
        return sites.stream().mapToLong(SiteCheck::expectedFlops).reduce(0, Math::addExact);
    }
}
