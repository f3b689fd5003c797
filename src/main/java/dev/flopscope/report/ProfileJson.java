package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.audit.Reconciliation;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.machine.Build;
import dev.flopscope.profile.Branch;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Hotspot;
import dev.flopscope.profile.Products;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Repetition;
import dev.flopscope.profile.Samples;
import dev.flopscope.profile.WarmUp;
import dev.flopscope.run.ProfileResult;
import dev.flopscope.time.Step;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A profile as JSON: the keys of {@code run} with medians, and beside them every raw sample, in seconds. */
final class ProfileJson {
    private static final double NANOSECONDS = 1e9;

    private final ProfileResult result;
    private final Profile profile;

    ProfileJson(ProfileResult result) {
        this.result = result;
        this.profile = result.profile();
    }

    ObjectNode json() {
        ObjectNode json = new AccountJson(result.account()).common();
        ((ObjectNode) json.get("parameters")).put("allocated", result.allocatedParameters());
        addSites(json.putArray("sites"));
        addEverySite(json.putArray("by_site"));
        addLayers(json.putArray("layers"));
        addAudit(json);
        addSeconds(json);
        addBetween(json);
        json.set("tree", branch(profile.tree()));
        addMethod(json);
        addOrigin(json);
        return json;
    }

    /** One row a kind, with the keys of {@code run}. */
    private void addSites(ArrayNode sites) {
        List<Hotspot> kinds = profile.hotspots(Grouping.KIND);
        for (KindAccount expected : result.account().kinds()) {
            ObjectNode row = AccountJson.site(expected);
            row.put("flops", expected.flops()).put("expected", expected.flops());
            kinds.stream()
                    .filter(spot ->
                            spot.products().name().equals(expected.kind().label()))
                    .forEach(spot -> addFigures(
                            row.put("calls_counted", spot.products().calls())
                                    .put("counted", spot.products().flops()),
                            spot));
            sites.add(row);
        }
    }

    private void addEverySite(ArrayNode sites) {
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
            addShapes(row, spot.products());
            row.put("flops", spot.products().flops());
            addFigures(row, spot);
        }
    }

    /** The largest shape, and all of them where there are several. */
    private static void addShapes(ObjectNode row, Products products) {
        List<Map.Entry<MatmulShape, Long>> shapes = products.count().callsByShape().entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<MatmulShape, Long> entry) ->
                                entry.getKey().flops())
                        .reversed())
                .toList();
        addShape(row, shapes.get(0).getKey());
        if (shapes.size() > 1) {
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

    private void addLayers(ArrayNode layers) {
        List<Hotspot> spots = profile.hotspots(Grouping.LAYER);
        for (int layer = 0; layer < result.account().model().numLayers(); layer++) {
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

    private void addAudit(ObjectNode json) {
        Reconciliation reconciliation = result.reconciliation();
        json.putObject("flops")
                .put("counted", reconciliation.countedFlops())
                .put("expected", reconciliation.expectedFlops());
        json.put("agrees", result.agrees());
        json.put("sites_checked", reconciliation.sites().size());
        ArrayNode disagreements = json.putArray("disagreements");
        reconciliation.disagreements().forEach(disagreements::add);
    }

    /** The typical repetition, whose parts add up. */
    private void addSeconds(ObjectNode json) {
        Repetition typical = profile.typical();
        json.putObject("seconds")
                .put("wall", typical.wallNanoseconds() / NANOSECONDS)
                .put("matmul", typical.times().allProducts() / NANOSECONDS)
                .put("other", typical.otherNanoseconds() / NANOSECONDS)
                .put("waiting", typical.times().waiting() / NANOSECONDS)
                .put("unexplained", typical.unexplainedNanoseconds() / NANOSECONDS)
                .put("preparation", result.preparationNanoseconds() / NANOSECONDS);
        addSamples(json.putArray("wall_samples"), profile.wall());
        json.put("interquartile_range_seconds", profile.wall().interquartileRange() / NANOSECONDS);
        ArrayNode yardstick = json.putArray("yardstick_gflops_per_second_samples");
        result.yardstick().forEach(yardstick::add);
        json.put(
                "gflops_per_second",
                (double) result.reconciliation().countedFlops() / profile.wall().median());
    }

    private void addBetween(ObjectNode json) {
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

    private static ObjectNode branch(Branch branch) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", branch.name()).put("nanoseconds", branch.nanoseconds()).put("flops", branch.flops());
        if (!branch.parts().isEmpty()) {
            ArrayNode parts = json.putArray("parts");
            branch.parts().forEach(part -> parts.add(branch(part)));
        }
        return json;
    }

    private void addMethod(ObjectNode json) {
        WarmUp warmUp = profile.warmUp();
        json.put("repetitions", profile.repetitions().size());
        ArrayNode samples = json.putObject("warm_up")
                .put("passes", warmUp.passes())
                .put("steady", warmUp.steady())
                .put("method", warmUp.rule())
                .putArray("samples");
        warmUp.wallNanoseconds().forEach(nanoseconds -> samples.add(nanoseconds / NANOSECONDS));
        json.set("ceilings", CeilingsJson.of(profile.ceilings()));
        ArrayNode errors = json.putArray("measurement_errors");
        profile.aboveCeiling().forEach(spot -> errors.add(ProfileWords.aboveCeiling(spot)));
    }

    private void addOrigin(ObjectNode json) {
        Build build = Build.detect();
        json.put("seed", result.spec().seed());
        json.put("weights", result.spec().weights().label());
        json.put("engine", result.spec().engine().label());
        result.peakResidentBytes().ifPresent(bytes -> json.put("peak_resident_bytes", bytes));
        json.set("machine", MachineJson.of(result.machine()));
        json.put("version", build.version());
        json.put("commit", build.commit());
        json.put("date", result.began().toString());
    }
}
