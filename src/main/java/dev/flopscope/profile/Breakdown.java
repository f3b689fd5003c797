package dev.flopscope.profile;

import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.time.Operator;
import dev.flopscope.time.OperatorSite;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Builds the breakdown of one repetition: the phase, its layers, and in each layer its products and operators. */
record Breakdown(SortedMap<MatmulSite, SiteCount> counts, Repetition repetition) {

    /** The whole phase: what is in no layer, the layers, waiting, and what is left to the wall time. */
    BreakdownNode build(String name) {
        List<BreakdownNode> layers = new ArrayList<>();
        layers().forEach(layer -> layers.add(BreakdownNode.of("layers." + layer, inLayer(layer))));
        return build(name, layers);
    }

    /** The whole phase, with all layers joined to one node. */
    BreakdownNode buildOfOneLayer(String name) {
        List<BreakdownNode> layers =
                build(name).parts().stream().filter(BreakdownNode::hasParts).toList();
        String title = layers.size() == 1 ? "1 layer" : layers.size() + " layers";
        return build(name, layers.isEmpty() ? layers : List.of(BreakdownNode.together(title, layers)));
    }

    private BreakdownNode build(String name, List<BreakdownNode> layers) {
        List<BreakdownNode> parts = new ArrayList<>();
        addOperator(Operator.EMBEDDING, MatmulSite.NO_LAYER, parts);
        parts.addAll(layers);
        parts.addAll(inLayer(MatmulSite.NO_LAYER));
        parts.add(BreakdownNode.leaf("waiting", repetition.times().waiting(), 0));
        parts.add(BreakdownNode.leaf("unexplained", repetition.unexplainedNanoseconds(), 0));
        long flops = counts.values().stream().mapToLong(SiteCount::flops).reduce(0, Math::addExact);
        return new BreakdownNode(name, repetition.wallNanoseconds(), flops, parts);
    }

    private SortedSet<Integer> layers() {
        SortedSet<Integer> layers = new TreeSet<>();
        counts.keySet().forEach(site -> layers.add(site.layer()));
        repetition.times().operators().keySet().forEach(site -> layers.add(site.layer()));
        layers.remove(MatmulSite.NO_LAYER);
        return layers;
    }

    /** Products, then operators but the embedding, which comes before all layers. */
    private List<BreakdownNode> inLayer(int layer) {
        List<BreakdownNode> parts = new ArrayList<>();
        counts.forEach((site, count) -> {
            if (site.layer() == layer) {
                long nanoseconds = repetition.times().product(site);
                parts.add(BreakdownNode.leaf(nameInLayer(site), nanoseconds, count.flops()));
            }
        });
        for (Operator operator : Operator.values()) {
            if (operator != Operator.EMBEDDING) {
                addOperator(operator, layer, parts);
            }
        }
        return parts;
    }

    /** {@code ffn_up}, or {@code experts.3.ffn_up}. */
    private static String nameInLayer(MatmulSite site) {
        String name = site.toString();
        return site.layer() == MatmulSite.NO_LAYER
                ? name
                : name.substring(Grouping.LAYER.groupOf(site).length() + 1);
    }

    private void addOperator(Operator operator, int layer, List<BreakdownNode> parts) {
        Long nanoseconds = repetition.times().operators().get(new OperatorSite(operator, layer));
        if (nanoseconds != null) {
            parts.add(BreakdownNode.leaf(operator.label(), nanoseconds, 0));
        }
    }
}
