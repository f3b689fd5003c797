package dev.flopscope.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How time and FLOPs grow with the context, all else being the same.
 *
 * @param point the settings, at the shortest context
 * @param place where
 * @param contexts the contexts, rising, at least three
 * @param time exponent of the median time in T
 * @param flops exponent of the counted FLOPs in T
 */
public record Scaling(SweepPoint point, Place place, List<Integer> contexts, Exponent time, Exponent flops) {
    private static final int LEAST_CONTEXTS = 3;

    /** Keeps a copy. */
    public Scaling {
        contexts = List.copyOf(contexts);
    }

    /** All rows that differ in the context alone, wherever there are three contexts or more, in the order of the rows. */
    public static List<Scaling> of(List<SweepRow> rows) {
        Map<List<Object>, List<SweepRow>> families = new LinkedHashMap<>();
        for (SweepRow row : rows) {
            if (row.measured().filter(found -> found.median() > 0).isPresent()) {
                families.computeIfAbsent(family(row), key -> new ArrayList<>()).add(row);
            }
        }
        List<Scaling> scalings = new ArrayList<>();
        for (List<SweepRow> family : families.values()) {
            if (family.stream().map(row -> row.point().context()).distinct().count() >= LEAST_CONTEXTS) {
                scalings.add(fit(family));
            }
        }
        return scalings;
    }

    /** All but the context. */
    private static List<Object> family(SweepRow row) {
        SweepPoint point = row.point();
        Place place = row.place();
        return List.of(
                point.model(),
                point.modelHash(),
                point.batch(),
                point.threads(),
                point.attentionAndTile(),
                point.weights(),
                point.seed(),
                place.cpu(),
                place.cores(),
                place.blasVendor(),
                place.blasVersion(),
                place.blasKernel());
    }

    private static Scaling fit(List<SweepRow> family) {
        List<SweepRow> sorted = family.stream()
                .sorted((one, other) ->
                        Integer.compare(one.point().context(), other.point().context()))
                .toList();
        List<Integer> contexts =
                sorted.stream().map(row -> row.point().context()).toList();
        List<Double> x = contexts.stream().map(Integer::doubleValue).toList();
        List<Measured> found =
                sorted.stream().map(row -> row.measured().orElseThrow()).toList();
        return new Scaling(
                sorted.get(0).point(),
                sorted.get(0).place(),
                contexts,
                Exponent.fit(x, found.stream().map(Measured::median).toList()),
                Exponent.fit(
                        x,
                        found.stream().map(row -> (double) row.countedFlops()).toList()));
    }
}
