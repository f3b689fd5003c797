package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.audit.SiteCheck;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.time.Times;
import java.util.List;

/**
 * One kind of product over a whole phase: expected, counted and timed.
 *
 * @param expected the closed form
 * @param countedFlops FLOPs counted
 * @param countedCalls products counted
 * @param nanoseconds time inside the products
 */
public record KindResult(KindAccount expected, long countedFlops, long countedCalls, long nanoseconds) {
    static KindResult of(KindAccount expected, Reconciliation reconciliation, Times times) {
        List<SiteCheck> sites = reconciliation.sites().stream()
                .filter(check -> check.site().kind() == expected.kind())
                .toList();
        return new KindResult(
                expected,
                sites.stream().mapToLong(SiteCheck::countedFlops).sum(),
                sites.stream().mapToLong(SiteCheck::countedCalls).sum(),
                times.products(expected.kind()));
    }

    /** Time inside the products. */
    public double seconds() {
        return nanoseconds / 1e9;
    }

    /** FLOPs counted a nanosecond, which is 10⁹ FLOPs a second; 0 if no time passed. */
    public double gflopsPerSecond() {
        return nanoseconds == 0 ? 0 : (double) countedFlops / nanoseconds;
    }
}
