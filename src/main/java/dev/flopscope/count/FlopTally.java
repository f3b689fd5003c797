package dev.flopscope.count;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The ledger of one or more passes: how many products of which shape happened at which site.
 *
 * <p>It keeps calls by shape rather than a sum of FLOPs, so that a wrong shape cannot hide behind a right total. Safe for
 * products that run on several threads. What it costs a product is two look-ups in a hash table.
 */
public final class FlopTally implements MatmulListener {
    private final ConcurrentMap<MatmulSite, ConcurrentMap<MatmulShape, LongAdder>> ledger = new ConcurrentHashMap<>();

    @Override
    public void multiplied(MatmulSite site, MatmulShape shape, long batch) {
        ledger.computeIfAbsent(site, unused -> new ConcurrentHashMap<>())
                .computeIfAbsent(shape, unused -> new LongAdder())
                .add(batch);
    }

    /** What has been counted so far, by site in the order of a pass. Reading it changes nothing. */
    public SortedMap<MatmulSite, SiteCount> snapshot() {
        SortedMap<MatmulSite, SiteCount> counts = new TreeMap<>();
        ledger.forEach((site, shapes) -> {
            Map<MatmulShape, Long> calls = new HashMap<>();
            shapes.forEach((shape, count) -> calls.put(shape, count.sum()));
            counts.put(site, new SiteCount(calls));
        });
        return counts;
    }
}
