package dev.flopscope.fit;

import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.polynomial.Fraction;
import dev.flopscope.polynomial.Interpolation;
import dev.flopscope.polynomial.Recovery;
import dev.flopscope.polynomial.Recovery.Recovered;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The polynomials that were recovered for models of one block's traits.
 *
 * @param models the small models
 * @param passes how many runs were counted
 * @param kinds one fit a phase and kind, in the order of a pass
 */
public record Fit(SmallModels models, int passes, List<KindFit> kinds) {
    /** Keeps a copy of the list. */
    public Fit {
        kinds = List.copyOf(kinds);
    }

    /** FLOPs of one kind in one phase. */
    public record Counted(Phase.Name phase, MatmulKind kind) {}

    /**
     * Counts small runs until every kind's polynomial is known, or known not to be.
     *
     * @param counts executes a run and gives the FLOPs that were counted
     * @param progress told after each run, how many there were and about how many there will be
     */
    public static Fit of(
            SmallModels models, Function<SmallRun, Map<Counted, Long>> counts, BiConsumer<Integer, Integer> progress) {
        AtomicInteger done = new AtomicInteger();
        int expected = Interpolation.expectedPoints(models.axes());
        Interpolation<Counted> interpolation = new Interpolation<>(models.axes(), point -> {
            Map<Counted, Fraction> values = new LinkedHashMap<>();
            counts.apply(models.at(point)).forEach((kind, flops) -> values.put(kind, Fraction.of(flops)));
            progress.accept(done.incrementAndGet(), Math.max(expected, done.get()));
            return values;
        });
        List<KindFit> kinds = new ArrayList<>();
        interpolation
                .recover()
                .forEach((counted, found) ->
                        kinds.add(new KindFit(counted.phase(), counted.kind(), inHeads(models, found))));
        kinds.sort(Comparator.comparing(KindFit::phase).thenComparing(KindFit::kind));
        return new Fit(models, interpolation.points().size(), kinds);
    }

    private static Recovery inHeads(SmallModels models, Recovery found) {
        return found instanceof Recovered recovered
                ? new Recovered(models.inHeads(recovered.polynomial()), recovered.checks())
                : found;
    }
}
