package dev.flopscope.report.record;

import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.Components;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.profile.BreakdownNode;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Hotspot;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Repetition;
import dev.flopscope.profile.Samples;
import dev.flopscope.run.KindResult;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.PhaseMeasurement;
import dev.flopscope.schema.AccountRecord.Flops;
import dev.flopscope.schema.PhaseRecord;
import dev.flopscope.schema.PhaseRecord.Figures;
import dev.flopscope.schema.PhaseRecord.Node;
import dev.flopscope.schema.PhaseRecord.Outcome;
import dev.flopscope.schema.PhaseRecord.Repetitions;
import dev.flopscope.schema.PhaseRecord.Seconds;
import dev.flopscope.schema.PhaseRecord.Shape;
import dev.flopscope.schema.PhaseRecord.Site;
import dev.flopscope.schema.PhaseRecord.Step;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A phase as files have it. All have the same keys; a profile has medians of products and operators under them, and beside
 * them every raw sample and what ceilings say of it. Times are in seconds.
 */
public final class PhaseRecords {
    private static final double NANOSECONDS = 1e9;

    private final Measurement measurement;
    private final PhaseMeasurement phase;
    private final Optional<Profile> profile;

    /**
     * Records of a phase of {@code measurement}.
     *
     * @param profiled whether with samples and what ceilings say of them, if there are ceilings
     */
    public PhaseRecords(Measurement measurement, PhaseMeasurement phase, boolean profiled) {
        this.measurement = measurement;
        this.phase = phase;
        this.profile = measurement.ceilings().filter(unused -> profiled).map(phase::profile);
    }

    /** Seconds of nanoseconds. */
    public static double seconds(double nanoseconds) {
        return nanoseconds / NANOSECONDS;
    }

    private static List<Double> seconds(Samples samples) {
        return samples.nanoseconds().stream().map(PhaseRecords::seconds).toList();
    }

    /** Seconds of nanoseconds. */
    public static double seconds(long nanoseconds) {
        return seconds((double) nanoseconds);
    }

    /** A phase on paper. */
    static PhaseRecord expected(Account account, PhaseAccount phase) {
        return record(
                account,
                phase,
                new Flops(phase.flops(), null),
                null,
                phase.kinds().stream().map(kind -> site(phase, kind)).toList(),
                positions(account, phase),
                null,
                null);
    }

    /** A phase that was measured. */
    PhaseRecord record() {
        return record(
                measurement.account(),
                phase.account(),
                new Flops(phase.reconciliation().expectedFlops(), phase.countedFlops()),
                phase.compulsoryBytes(),
                phase.kinds().stream().map(this::site).toList(),
                List.of(),
                outcome(),
                profile.map(this::repetitions).orElse(null));
    }

    private static PhaseRecord record(
            Account account,
            PhaseAccount phase,
            Flops flops,
            @Nullable Long bytesCounted,
            List<Site> sites,
            List<PhaseRecord.Position> positions,
            @Nullable Outcome outcome,
            @Nullable Repetitions repetitions) {
        Components components = phase.components();
        @Nullable Long counted = flops.counted();
        double intensity = counted != null && bytesCounted != null
                ? (double) counted / bytesCounted
                : (double) phase.flops() / phase.compulsoryBytes();
        return new PhaseRecord(
                phase.phase().name().label(),
                phase.phase().queries(),
                phase.phase().past(),
                phase.phase().steps(),
                Math.multiplyExact((long) account.batch(), phase.phase().tokens()),
                flops,
                phase.compulsoryBytes(),
                bytesCounted,
                intensity,
                phase.phase().name() == Phase.Name.DECODE ? account.weightsBytesRead() : null,
                new PhaseRecord.Components(
                        components.attentionProjections(),
                        components.attentionProducts(),
                        components.feedForward(),
                        components.lmHead()),
                sites,
                positions,
                outcome,
                repetitions);
    }

    /** What each decoded position costs. */
    private static List<PhaseRecord.Position> positions(Account account, PhaseAccount phase) {
        return phase.phase().name() != Phase.Name.DECODE
                ? List.of()
                : IntStream.range(0, phase.phase().steps())
                        .mapToObj(step -> account.step(phase.phase(), step))
                        .map(token ->
                                new PhaseRecord.Position(token.phase().end(), token.flops(), token.compulsoryBytes()))
                        .toList();
    }

    /** One row a kind, on paper. */
    public static Site site(PhaseAccount phase, KindAccount kind) {
        return site(kind, null, null, (double) kind.flops() / phase.flops(), null);
    }

    /** One row a kind. */
    public Site site(KindResult kind) {
        return site(
                kind.expected(),
                kind.countedCalls(),
                kind.countedFlops(),
                (double) kind.countedFlops() / phase.countedFlops(),
                profile.flatMap(samples -> samples.hotspots(Grouping.KIND).stream()
                                .filter(spot -> spot.products()
                                        .name()
                                        .equals(kind.expected().kind().label()))
                                .findFirst())
                        .map(this::figures)
                        .orElseGet(() -> Figures.once(
                                kind.seconds(),
                                kind.gflopsPerSecond(),
                                (double) kind.nanoseconds() / phase.typical().wallNanoseconds())));
    }

    private static Site site(
            KindAccount kind,
            @Nullable Long countedCalls,
            @Nullable Long counted,
            double shareOfFlops,
            @Nullable Figures figures) {
        return new Site(
                null,
                kind.kind().label(),
                null,
                null,
                kind.layers(),
                kind.calls(),
                countedCalls,
                kind.largest().m(),
                kind.largest().k(),
                kind.largest().n(),
                kind.hasOneShape()
                        ? List.of()
                        : kind.shapes().stream()
                                .map(shape -> new Shape(shape.calls(), shape.m(), shape.k(), shape.n()))
                                .toList(),
                kind.flops(),
                counted,
                kind.compulsoryBytes(),
                shareOfFlops,
                null,
                figures);
    }

    /** One row a site; with all of its shapes unless every step has another, which would be most of the file. */
    private Site site(MatmulSite site) {
        Hotspot spot = profile.orElseThrow().hotspot(site);
        List<Map.Entry<MatmulShape, Long>> shapes = spot.products().count().callsByShape().entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<MatmulShape, Long> entry) ->
                                entry.getKey().flops())
                        .reversed())
                .toList();
        return products(
                spot,
                null,
                site,
                null,
                phase.account().phase().steps() > 1 || shapes.size() == 1
                        ? List.of()
                        : shapes.stream()
                                .map(entry -> new Shape(
                                        entry.getValue(),
                                        entry.getKey().m(),
                                        entry.getKey().k(),
                                        entry.getKey().n()))
                                .toList(),
                shapes.get(0).getKey());
    }

    /** Products taken together, under their name or that of their layer. */
    public Site together(@Nullable String name, @Nullable Integer layer, Hotspot spot) {
        List<MatmulShape> shapes =
                List.copyOf(spot.products().count().callsByShape().keySet());
        return products(spot, name, null, layer, List.of(), shapes.size() == 1 ? shapes.get(0) : null);
    }

    private Site products(
            Hotspot spot,
            @Nullable String name,
            @Nullable MatmulSite site,
            @Nullable Integer layer,
            List<Shape> shapes,
            @Nullable MatmulShape largest) {
        Profile samples = profile.orElseThrow();
        return new Site(
                name,
                site == null ? null : site.kind().label(),
                site == null || !site.kind().inEveryLayer() ? layer : Integer.valueOf(site.layer()),
                site == null || site.expert() == MatmulSite.NO_EXPERT ? null : site.expert(),
                null,
                null,
                spot.products().calls(),
                largest == null ? null : largest.m(),
                largest == null ? null : largest.k(),
                largest == null ? null : largest.n(),
                shapes,
                null,
                spot.products().flops(),
                spot.products().compulsoryBytes(),
                samples.shareOfFlops(spot.products()),
                layer == null ? null : seconds(samples.operatorsOf(layer).median()),
                figures(spot));
    }

    private Figures figures(Hotspot spot) {
        Profile samples = profile.orElseThrow();
        return new Figures(
                spot.seconds(),
                spot.products().gflopsPerSecond(),
                samples.shareOfTime(spot.products()),
                seconds(spot.products().time().interquartileRange()),
                seconds(spot.products().time()),
                Math.round(spot.products().bytesPerSecond()),
                spot.products().intensity(),
                spot.rooflineGflopsPerSecond(),
                spot.rooflineShare(),
                spot.bound().label(),
                spot.shapeClasses().stream().map(ShapeClass::label).toList(),
                spot.ceilingGflopsPerSecond(),
                spot.bestCeilingGflopsPerSecond(),
                spot.excessSeconds(),
                spot.aboveCeiling());
    }

    private Outcome outcome() {
        Repetition typical = phase.typical();
        double wall = profile.map(samples -> samples.wall().median()).orElse((double) typical.wallNanoseconds());
        return new Outcome(
                phase.agrees(),
                phase.reconciliation().sites().size(),
                phase.disagreements(),
                seconds(phase.preparationNanoseconds()),
                typical.times().operatorsUsed().stream()
                        .map(operator -> profile.map(samples -> samples.operator(operator))
                                .map(samples -> new Step(operator.label(), seconds(samples.median()), seconds(samples)))
                                .orElseGet(() -> new Step(
                                        operator.label(),
                                        seconds(typical.times().operator(operator)),
                                        List.of())))
                        .toList(),
                new Seconds(
                        seconds(typical.wallNanoseconds()),
                        seconds(typical.times().allProducts()),
                        seconds(typical.otherNanoseconds()),
                        seconds(typical.times().waiting()),
                        seconds(typical.unexplainedNanoseconds())),
                wall == 0 ? 0 : phase.countedFlops() / wall,
                phase.tokensPerSecond(),
                Math.round(phase.bytesPerSecond()),
                phase.isDecoding()
                        ? tokens().stream()
                                .map(token -> seconds(token.median()))
                                .toList()
                        : List.of(),
                phase.isDecoding() ? phase.fromCaches() : null,
                phase.isDecoding()
                        ? measurement
                                .ceilings()
                                .map(ceilings -> phase.isAboveMemory(ceilings))
                                .orElse(null)
                        : null,
                phase.decoded(),
                phase.text().orElse(null));
    }

    /** The time of each step in every repetition. */
    private List<Samples> tokens() {
        return IntStream.range(0, phase.account().phase().steps())
                .mapToObj(token -> new Samples(phase.repetitions().stream()
                        .map(repetition -> repetition.stepNanoseconds().get(token))
                        .toList()))
                .toList();
    }

    private Repetitions repetitions(Profile samples) {
        Map<String, Hotspot> layers = samples.hotspots(Grouping.LAYER).stream()
                .collect(Collectors.toMap(spot -> spot.products().name(), Function.identity()));
        return new Repetitions(
                phase.repetitions().size(),
                new PhaseRecord.WarmUp(
                        phase.warmUp().passes(),
                        phase.warmUp().steady(),
                        phase.warmUp().rule(),
                        phase.warmUp().wallNanoseconds().stream()
                                .map(PhaseRecords::seconds)
                                .toList()),
                seconds(samples.wall()),
                seconds(samples.wall().interquartileRange()),
                seconds(samples.waiting()),
                seconds(samples.unexplained()),
                seconds(samples.garbageCollection()),
                phase.isDecoding()
                        ? tokens().stream().map(PhaseRecords::seconds).toList()
                        : List.of(),
                samples.counts().keySet().stream().map(this::site).toList(),
                IntStream.range(0, phase.account().layers().size())
                        .mapToObj(layer -> Optional.ofNullable(layers.get("layers." + layer))
                                .map(spot -> together(null, layer, spot)))
                        .flatMap(Optional::stream)
                        .toList(),
                node(samples.breakdown(phase.account().phase().name().one())),
                samples.measurementErrors(phase.account().phase().name().one()));
    }

    private static Node node(BreakdownNode node) {
        return new Node(
                node.name(),
                node.nanoseconds(),
                node.flops(),
                node.parts().stream().map(PhaseRecords::node).toList());
    }
}
