package dev.flopscope.audit;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.ProductForm;
import dev.flopscope.flops.ProductShape;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One site held against its closed form.
 *
 * @param site where
 * @param expected the closed form; none if the model has no such product
 * @param counted what was counted; none if nothing was
 */
public record SiteCheck(MatmulSite site, Optional<ProductForm> expected, Optional<SiteCount> counted) {

    /** FLOPs that the closed form expects here. */
    public long expectedFlops() {
        return expected.map(ProductForm::flops).orElse(0L);
    }

    /** FLOPs counted here. */
    public long countedFlops() {
        return counted.map(SiteCount::flops).orElse(0L);
    }

    /** Products that the closed form expects here. */
    public long expectedCalls() {
        return expected.map(ProductForm::calls).orElse(0L);
    }

    /** Products counted here. */
    public long countedCalls() {
        return counted.map(SiteCount::calls).orElse(0L);
    }

    /**
     * Whether FLOPs, calls and the calls of every shape are as expected. Of experts, which rows go to which is the router's
     * matter: FLOPs, the sum of rows and the extents of every weight are held.
     */
    public boolean agrees() {
        if (expected.isPresent() && expected.get().isRouted()) {
            return counted.isPresent() && countedFlops() == expectedFlops() && hasRowsOf(expected.get(), counted.get());
        }
        return expected.isPresent()
                && counted.isPresent()
                && countedFlops() == expectedFlops()
                && countedCalls() == expectedCalls()
                && counted.get().callsByShape().equals(expectedCallsByShape(expected.get()));
    }

    private static boolean hasRowsOf(ProductForm form, SiteCount count) {
        ProductShape one = form.shapes().get(0);
        long rows = count.callsByShape().entrySet().stream()
                .mapToLong(entry -> Math.multiplyExact(entry.getKey().m(), (long) entry.getValue()))
                .reduce(0, Math::addExact);
        return rows == form.rows()
                && count.callsByShape().keySet().stream()
                        .allMatch(shape -> shape.k() == one.k() && shape.n() == one.n());
    }

    private static Map<MatmulShape, Long> expectedCallsByShape(ProductForm form) {
        return form.shapes().stream()
                .collect(Collectors.toMap(
                        shape -> new MatmulShape(shape.m(), shape.k(), shape.n()), ProductShape::calls, Long::sum));
    }

    /** One line: the site, both numbers and by what factor they differ, and what differs beneath them. */
    public String describe() {
        if (agrees()) {
            return String.format(Locale.ROOT, "%s: %,d FLOPs counted, as expected", site, countedFlops());
        }
        String numbers = String.format(
                Locale.ROOT, "%s: counted %,d FLOPs, expected %,d", site, countedFlops(), expectedFlops());
        return numbers + ", " + factor() + "; " + calls();
    }

    private String factor() {
        if (expected.isEmpty()) {
            return "a product that this model does not have";
        }
        if (counted.isEmpty()) {
            return "factor 0";
        }
        return "factor " + Factor.of(countedFlops(), expectedFlops());
    }

    private String calls() {
        return "products: " + counted.map(SiteCount::describe).orElse("none") + "; expected "
                + expected.map(form -> new SiteCount(expectedCallsByShape(form)).describe())
                        .orElse("none");
    }
}
