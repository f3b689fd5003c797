package dev.flopscope.profile;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.time.Step;
import dev.flopscope.time.StepSite;
import dev.flopscope.time.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Lays one measured pass out as a tree: the pass, its layers, and in each layer its products and steps. */
final class PassTree {
    private final SortedMap<MatmulSite, SiteCount> counts;
    private final Repetition pass;
    private final Times times;

    PassTree(SortedMap<MatmulSite, SiteCount> counts, Repetition pass) {
        this.counts = counts;
        this.pass = pass;
        this.times = pass.times();
    }

    /** The whole pass: what is in no layer, the layers, waiting, and what is left to the wall time. */
    Branch grow() {
        List<Branch> parts = new ArrayList<>();
        step(Step.EMBEDDING, MatmulSite.NO_LAYER, parts);
        layers().forEach(layer -> parts.add(Branch.of("layers." + layer, inLayer(layer))));
        parts.addAll(inLayer(MatmulSite.NO_LAYER));
        parts.add(Branch.leaf("waiting", times.waiting(), 0));
        parts.add(Branch.leaf("unexplained", pass.unexplainedNanoseconds(), 0));
        return new Branch("pass", pass.wallNanoseconds(), flops(), parts);
    }

    private long flops() {
        return counts.values().stream().mapToLong(SiteCount::flops).reduce(0, Math::addExact);
    }

    private SortedSet<Integer> layers() {
        SortedSet<Integer> layers = new TreeSet<>();
        counts.keySet().forEach(site -> layers.add(site.layer()));
        times.steps().keySet().forEach(site -> layers.add(site.layer()));
        layers.remove(MatmulSite.NO_LAYER);
        return layers;
    }

    /** Steps but the embedding, which comes before all layers, and products. */
    private List<Branch> inLayer(int layer) {
        List<Branch> parts = new ArrayList<>();
        for (Map.Entry<MatmulSite, SiteCount> entry : counts.entrySet()) {
            MatmulSite site = entry.getKey();
            if (site.layer() == layer) {
                MatmulKind kind = site.kind();
                parts.add(Branch.leaf(
                        kind.label(), times.product(site), entry.getValue().flops()));
            }
        }
        for (Step step : Step.values()) {
            if (step != Step.EMBEDDING) {
                step(step, layer, parts);
            }
        }
        return parts;
    }

    private void step(Step step, int layer, List<Branch> parts) {
        Long nanoseconds = times.steps().get(new StepSite(step, layer));
        if (nanoseconds != null) {
            parts.add(Branch.leaf(step.label(), nanoseconds, 0));
        }
    }
}
