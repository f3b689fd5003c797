package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.profile.BreakdownNode;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Hotspot;
import dev.flopscope.profile.Products;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Repetition;
import dev.flopscope.profile.Samples;
import dev.flopscope.profile.WarmUp;
import dev.flopscope.run.KindResult;
import dev.flopscope.run.PhaseMeasurement;
import dev.flopscope.time.Operator;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A measured phase as JSON. All reports have the same keys of a phase; a profile has medians under them, and beside them every
 * raw sample and what ceilings say of it. Times are in seconds.
 */
final class PhaseJson {
    private final PhaseWords words;
    private final PhaseMeasurement phase;
    private final Optional<Profile> profile;
    private final Map<String, Hotspot> kinds;

    /** A phase as {@code run} has it. */
    PhaseJson(PhaseWords words) {
        this(words, Optional.empty());
    }

    /** A phase as {@code profile} has it, with its samples. */
    PhaseJson(PhaseWords words, Optional<Profile> profile) {
        this.words = words;
        this.phase = words.phase();
        this.profile = profile;
        this.kinds = profile.map(samples -> byName(samples, Grouping.KIND)).orElse(Map.of());
    }

    private static Map<String, Hotspot> byName(Profile profile, Grouping grouping) {
        return profile.hotspots(grouping).stream()
                .collect(Collectors.toMap(spot -> spot.products().name(), Function.identity()));
    }

    /** Adds all keys but those that are known before the phase runs. */
    void addTo(ObjectNode json) {
        json.set("sites", Json.array(phase.kinds(), this::site));
        profile.ifPresent(samples -> {
            json.set("by_site", Json.array(samples.counts().keySet(), site -> site(site, samples)));
            json.set("layers", layers(samples));
        });
        json.putObject("flops")
                .put("counted", phase.countedFlops())
                .put("expected", phase.reconciliation().expectedFlops());
        json.put("agrees", phase.agrees());
        json.put("sites_checked", phase.reconciliation().sites().size());
        json.set("disagreements", Json.texts(phase.disagreements()));
        addTimes(json);
        json.put("tokens_per_second", phase.tokensPerSecond())
                .put("bytes", phase.compulsoryBytes())
                .put("bytes_expected", phase.account().compulsoryBytes())
                .put("bytes_per_second", Math.round(phase.bytesPerSecond()))
                .put("flops_per_byte", phase.intensity());
        profile.ifPresent(samples -> addSamples(json, samples));
    }

    private void addTimes(ObjectNode json) {
        Repetition typical = phase.typical();
        json.putObject("seconds")
                .put("wall", Json.seconds(typical.wallNanoseconds()))
                .put("matmul", Json.seconds(typical.times().allProducts()))
                .put("other", Json.seconds(typical.otherNanoseconds()))
                .put("waiting", Json.seconds(typical.times().waiting()))
                .put("unexplained", Json.seconds(typical.unexplainedNanoseconds()));
        json.set("steps", Json.array(typical.times().operatorsUsed(), this::operator));
        double wall = profile.map(samples -> samples.wall().median()).orElse((double) typical.wallNanoseconds());
        json.put("gflops_per_second", wall == 0 ? 0 : phase.countedFlops() / wall);
    }

    private ObjectNode operator(Operator operator) {
        ObjectNode row = Json.object().put("name", operator.label());
        profile.ifPresentOrElse(
                samples -> addTime(row, samples.operator(operator)),
                () -> row.put("seconds", Json.seconds(phase.typical().times().operator(operator))));
        return row;
    }

    /** One row a kind. */
    ObjectNode site(KindResult kind) {
        ObjectNode row = AccountJson.site(kind.expected())
                .put("calls_counted", kind.countedCalls())
                .put("flops", kind.expected().flops())
                .put("counted", kind.countedFlops())
                .put("expected", kind.expected().flops())
                .put("bytes", kind.expected().compulsoryBytes())
                .put("seconds", kind.seconds())
                .put("gflops_per_second", kind.gflopsPerSecond())
                .put(
                        "share_of_time",
                        (double) kind.nanoseconds() / phase.typical().wallNanoseconds())
                .put("share_of_flops", (double) kind.countedFlops() / phase.countedFlops());
        Hotspot spot = kinds.get(kind.expected().kind().label());
        if (spot != null) {
            addFigures(row, spot);
        }
        return row;
    }

    /** One row a site; with all of its shapes unless every step has another, which would be most of the file. */
    private ObjectNode site(MatmulSite site, Profile samples) {
        Hotspot spot = samples.hotspot(site);
        ObjectNode row = Json.object().put("kind", site.kind().label());
        if (site.kind().inEveryLayer()) {
            row.put("layer", site.layer());
        } else {
            row.putNull("layer");
        }
        if (site.expert() != MatmulSite.NO_EXPERT) {
            row.put("expert", site.expert());
        }
        row.put("calls", spot.products().calls());
        List<Map.Entry<MatmulShape, Long>> shapes = spot.products().count().callsByShape().entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<MatmulShape, Long> entry) ->
                                entry.getKey().flops())
                        .reversed())
                .toList();
        addShape(row, shapes.get(0).getKey());
        if (phase.account().phase().steps() == 1 && shapes.size() > 1) {
            row.set(
                    "shapes",
                    Json.array(
                            shapes, entry -> addShape(Json.object().put("calls", entry.getValue()), entry.getKey())));
        }
        row.put("flops", spot.products().flops());
        addFigures(row, spot);
        return row;
    }

    private static ObjectNode addShape(ObjectNode row, MatmulShape shape) {
        return row.put("m", shape.m()).put("k", shape.k()).put("n", shape.n());
    }

    private ArrayNode layers(Profile samples) {
        Map<String, Hotspot> spots = byName(samples, Grouping.LAYER);
        return Json.array(
                IntStream.range(0, phase.account().layers().size()).boxed().toList(), layer -> {
                    ObjectNode row = Json.object()
                            .put("layer", layer)
                            .put(
                                    "steps_seconds",
                                    Json.seconds(samples.operatorsOf(layer).median()));
                    Hotspot spot = spots.get("layers." + layer);
                    return spot == null ? row : figures(row, spot);
                });
    }

    /** {@code row} with calls, FLOPs and all figures of {@code spot}. */
    ObjectNode figures(ObjectNode row, Hotspot spot) {
        row.put("calls", spot.products().calls()).put("flops", spot.products().flops());
        addFigures(row, spot);
        return row;
    }

    private void addFigures(ObjectNode row, Hotspot spot) {
        Profile samples = profile.orElseThrow();
        Products products = spot.products();
        row.put("bytes", products.compulsoryBytes());
        row.put("seconds", spot.seconds());
        row.put("interquartile_range_seconds", Json.seconds(products.time().interquartileRange()));
        row.set("samples", Json.seconds(products.time().nanoseconds()));
        row.put("gflops_per_second", products.gflopsPerSecond());
        row.put("bytes_per_second", Math.round(products.bytesPerSecond()));
        row.put("share_of_time", samples.shareOfTime(products));
        row.put("share_of_flops", samples.shareOfFlops(products));
        row.put("intensity", products.intensity());
        row.put("roofline_gflops_per_second", spot.rooflineGflopsPerSecond());
        row.put("share_of_roofline", spot.rooflineShare());
        row.put("bound", spot.bound().label());
        row.set(
                "shape_classes",
                Json.texts(spot.shapeClasses().stream().map(ShapeClass::label).toList()));
        row.put("ceiling_gflops_per_second", spot.ceilingGflopsPerSecond());
        row.put("best_ceiling_gflops_per_second", spot.bestCeilingGflopsPerSecond());
        row.put("excess_seconds", spot.excessSeconds());
        row.put("above_ceiling", spot.aboveCeiling());
    }

    /** The keys that one repetition does not have. */
    private void addSamples(ObjectNode json, Profile samples) {
        json.set("wall_samples", Json.seconds(samples.wall().nanoseconds()));
        json.put("interquartile_range_seconds", Json.seconds(samples.wall().interquartileRange()));
        addTime(json.putObject("waiting"), samples.waiting());
        addTime(json.putObject("garbage_collection"), samples.garbageCollection());
        json.put("unexplained_seconds", Json.seconds(samples.unexplained().median()));
        json.set("unexplained_samples", Json.seconds(samples.unexplained().nanoseconds()));
        json.set("tree", node(samples.breakdown(words.one())));
        WarmUp warmUp = phase.warmUp();
        json.put("repetitions", phase.repetitions().size());
        json.putObject("warm_up")
                .put("passes", warmUp.passes())
                .put("steady", warmUp.steady())
                .put("method", warmUp.rule())
                .set("samples", Json.seconds(warmUp.wallNanoseconds()));
        json.set("measurement_errors", Json.texts(words.measurementErrors(samples)));
    }

    private static void addTime(ObjectNode row, Samples time) {
        row.put("seconds", Json.seconds(time.median()));
        row.set("samples", Json.seconds(time.nanoseconds()));
    }

    private static ObjectNode node(BreakdownNode node) {
        ObjectNode json = Json.object()
                .put("name", node.name())
                .put("nanoseconds", node.nanoseconds())
                .put("flops", node.flops());
        if (!node.parts().isEmpty()) {
            json.set("parts", Json.array(node.parts(), PhaseJson::node));
        }
        return json;
    }

    /** Adds what decoding alone has: every token, and how far memory limits it. */
    void addDecoded(ObjectNode json, Ceilings ceilings) {
        List<Samples> tokens = IntStream.range(0, phase.account().phase().steps())
                .mapToObj(token -> new Samples(phase.repetitions().stream()
                        .map(repetition -> repetition.stepNanoseconds().get(token))
                        .toList()))
                .toList();
        json.set(
                "token_seconds",
                Json.numbers(tokens.stream()
                        .map(token -> Json.seconds(token.median()))
                        .toList()));
        if (profile.isPresent()) {
            json.set("token_samples", Json.array(tokens, token -> Json.seconds(token.nanoseconds())));
        }
        json.put("from_caches", phase.fromCaches());
        json.put("above_ceiling", PhaseWords.isAboveMemory(phase, ceilings));
        json.set("ids", Json.array(phase.decoded(), sequence -> Json.array(sequence, IntNode::valueOf)));
        phase.text().ifPresent(text -> json.put("text", text));
        json.set("ceilings", CeilingsJson.of(ceilings));
    }
}
