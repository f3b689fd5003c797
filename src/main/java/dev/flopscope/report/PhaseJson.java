package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.profile.Branch;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Hotspot;
import dev.flopscope.profile.Products;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Repetition;
import dev.flopscope.profile.Samples;
import dev.flopscope.profile.WarmUp;
import dev.flopscope.time.Step;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** One phase of a profile as JSON: the keys of {@code run} with medians, and beside them every raw sample, in seconds. */
final class PhaseJson {
    private static final double NANOSECONDS = 1e9;

    private final Profile profile;

    PhaseJson(Profile profile) {
        this.profile = profile;
    }

    /** One row a kind, with the keys of {@code run}. */
    void addSites(ArrayNode sites, List<KindAccount> kinds) {
        List<Hotspot> spots = profile.hotspots(Grouping.KIND);
        for (KindAccount expected : kinds) {
            ObjectNode row = AccountJson.site(expected);
            row.put("flops", expected.flops()).put("expected", expected.flops());
            spots.stream()
                    .filter(spot ->
                            spot.products().name().equals(expected.kind().label()))
                    .forEach(spot -> addFigures(
                            row.put("calls_counted", spot.products().calls())
                                    .put("counted", spot.products().flops()),
                            spot));
            sites.add(row);
        }
    }

    /** One row a site; {@code everyShape} or the largest alone, where those of its kind say it all. */
    void addEverySite(ArrayNode sites, boolean everyShape) {
        for (MatmulSite site : profile.counts().keySet()) {
            Hotspot spot = profile.hotspot(site);
            ObjectNode row = sites.addObject();
            row.put("kind", site.kind().label());
            if (site.kind().inEveryLayer()) {
                row.put("layer", site.layer());
            } else {
                row.putNull("layer");
            }
            row.put("calls", spot.products().calls());
            addShapes(row, spot.products(), everyShape);
            row.put("flops", spot.products().flops());
            addFigures(row, spot);
        }
    }

    /** The largest shape, and where there are several, all of them if they are wanted. */
    private static void addShapes(ObjectNode row, Products products, boolean everyShape) {
        List<Map.Entry<MatmulShape, Long>> shapes = products.count().callsByShape().entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<MatmulShape, Long> entry) ->
                                entry.getKey().flops())
                        .reversed())
                .toList();
        addShape(row, shapes.get(0).getKey());
        if (everyShape && shapes.size() > 1) {
            ArrayNode all = row.putArray("shapes");
            shapes.forEach(entry -> addShape(all.addObject().put("calls", entry.getValue()), entry.getKey()));
        }
    }

    private static void addShape(ObjectNode row, MatmulShape shape) {
        row.put("m", shape.m()).put("k", shape.k()).put("n", shape.n());
    }

    private void addFigures(ObjectNode row, Hotspot spot) {
        Products products = spot.products();
        row.put("bytes", products.bytes());
        row.put("seconds", spot.seconds());
        row.put("interquartile_range_seconds", products.time().interquartileRange() / NANOSECONDS);
        addSamples(row.putArray("samples"), products.time());
        row.put("gflops_per_second", products.gflopsPerSecond());
        row.put("bytes_per_second", Math.round(products.bytesPerSecond()));
        row.put("share_of_time", profile.shareOfTime(products));
        row.put("share_of_flops", profile.shareOfFlops(products));
        row.put("intensity", products.intensity());
        row.put("roofline_gflops_per_second", spot.rooflineGflopsPerSecond());
        row.put("share_of_roofline", spot.rooflineShare());
        row.put("bound", spot.bound().label());
        ArrayNode classes = row.putArray("shape_classes");
        spot.shapeClasses().forEach(shapeClass -> classes.add(shapeClass.label()));
        row.put("ceiling_gflops_per_second", spot.ceilingGflopsPerSecond());
        row.put("best_ceiling_gflops_per_second", spot.bestCeilingGflopsPerSecond());
        row.put("excess_seconds", spot.excessSeconds());
        row.put("above_ceiling", spot.aboveCeiling());
    }

    /** One row for each of {@code number} layers. */
    void addLayers(ArrayNode layers, int number) {
        List<Hotspot> spots = profile.hotspots(Grouping.LAYER);
        for (int layer = 0; layer < number; layer++) {
            String name = "layers." + layer;
            ObjectNode row = layers.addObject().put("layer", layer);
            row.put("steps_seconds", profile.stepsOf(layer).median() / NANOSECONDS);
            spots.stream()
                    .filter(spot -> spot.products().name().equals(name))
                    .forEach(spot -> addFigures(
                            row.put("calls", spot.products().calls())
                                    .put("flops", spot.products().flops()),
                            spot));
        }
    }

    /** The typical repetition, whose parts add up. */
    ObjectNode seconds() {
        Repetition typical = profile.typical();
        return JsonNodeFactory.instance
                .objectNode()
                .put("wall", typical.wallNanoseconds() / NANOSECONDS)
                .put("matmul", typical.times().allProducts() / NANOSECONDS)
                .put("other", typical.otherNanoseconds() / NANOSECONDS)
                .put("waiting", typical.times().waiting() / NANOSECONDS)
                .put("unexplained", typical.unexplainedNanoseconds() / NANOSECONDS);
    }

    /** Wall time of every repetition, and the rate of the median one. */
    void addWall(ObjectNode json, long flops) {
        addSamples(json.putArray("wall_samples"), profile.wall());
        json.put("interquartile_range_seconds", profile.wall().interquartileRange() / NANOSECONDS);
        json.put("gflops_per_second", (double) flops / profile.wall().median());
    }

    /** What happens between products, and beside everything. */
    void addBetween(ObjectNode json) {
        ArrayNode steps = json.putArray("steps");
        for (Step step : profile.typical().times().stepsTaken()) {
            addTime(steps.addObject().put("name", step.label()), profile.step(step));
        }
        addTime(json.putObject("waiting"), profile.waiting());
        addTime(json.putObject("garbage_collection"), profile.garbageCollection());
        json.put("unexplained_seconds", profile.unexplained().median() / NANOSECONDS);
        addSamples(json.putArray("unexplained_samples"), profile.unexplained());
    }

    private static void addTime(ObjectNode row, Samples time) {
        row.put("seconds", time.median() / NANOSECONDS);
        addSamples(row.putArray("samples"), time);
    }

    private static void addSamples(ArrayNode array, Samples samples) {
        samples.nanoseconds().forEach(nanoseconds -> array.add(nanoseconds / NANOSECONDS));
    }

    /** The typical repetition from the top down to products and steps, under a name. */
    ObjectNode tree(String name) {
        return branch(profile.tree().named(name));
    }

    private static ObjectNode branch(Branch branch) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", branch.name()).put("nanoseconds", branch.nanoseconds()).put("flops", branch.flops());
        if (!branch.parts().isEmpty()) {
            ArrayNode parts = json.putArray("parts");
            branch.parts().forEach(part -> parts.add(branch(part)));
        }
        return json;
    }

    /** How often it was repeated, and what came before that. */
    void addRepetitions(ObjectNode json) {
        WarmUp warmUp = profile.warmUp();
        json.put("repetitions", profile.repetitions().size());
        ArrayNode samples = json.putObject("warm_up")
                .put("passes", warmUp.passes())
                .put("steady", warmUp.steady())
                .put("method", warmUp.rule())
                .putArray("samples");
        warmUp.wallNanoseconds().forEach(nanoseconds -> samples.add(nanoseconds / NANOSECONDS));
    }

    /** What is faster than it can be, in words. */
    void addErrors(ArrayNode errors, ProfileWords words) {
        profile.aboveCeiling().forEach(spot -> errors.add(words.aboveCeiling(spot)));
    }
}
