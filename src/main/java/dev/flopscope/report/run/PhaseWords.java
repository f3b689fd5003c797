package dev.flopscope.report.run;

import dev.flopscope.document.Figures;
import dev.flopscope.document.Unit;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.profile.Drift;
import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Hotspot;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Statistics;
import dev.flopscope.profile.WarmUp;
import dev.flopscope.report.account.AccountTables;
import dev.flopscope.report.record.PhaseRecords;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.PhaseMeasurement;
import dev.flopscope.time.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What one measured phase is called, and what it shows, in sentences. */
public final class PhaseWords {
    private static final int HEADLINES = 3;
    /** The machine is blamed, and no product, if it explains more than this part. */
    private static final double MOST = 0.5;

    private static final double MILLISECONDS = 1e6;
    private static final double GIGA = 1e9;
    /** Phases shorter than this, in nanoseconds, need more decimals. */
    private static final long SHORT = 100_000_000;

    private final PhaseMeasurement phase;
    private final AccountTables.Title title;
    private final AccountTables.Title sentences;
    private final Unit milliseconds;

    private PhaseWords(PhaseMeasurement phase, boolean alone) {
        this.phase = phase;
        this.title = AccountTables.Title.of(phase.account(), alone);
        this.sentences = new AccountTables.Title(alone ? "" : isDecoding() ? "Decoding, " : "Prefill, ");
        this.milliseconds = phase.typical().wallNanoseconds() < SHORT ? Unit.SHORT_MILLISECONDS : Unit.MILLISECONDS;
    }

    /** Words on each phase of {@code measurement}, in their order. */
    public static List<PhaseWords> of(Measurement measurement) {
        return measurement.phases().stream()
                .map(phase -> new PhaseWords(phase, measurement.phases().size() == 1))
                .toList();
    }

    /** What they are about. */
    public PhaseMeasurement phase() {
        return phase;
    }

    /** Whether it is the tokens decoded after the prompt. */
    public boolean isDecoding() {
        return phase.isDecoding();
    }

    /** What one repetition is called. */
    public String one() {
        return phase.account().phase().name().one();
    }

    /** {@code 10 passes}. */
    public String repetitions(int number) {
        return Figures.count(number) + " " + (number == 1 ? one() : many());
    }

    private String many() {
        return isDecoding() ? "decodings" : "passes";
    }

    /** {@code title}, and before it the name of the phase if there are two. */
    public String title(String text) {
        return title.of(text);
    }

    /** A line for everything that is not as expected. */
    public List<String> disagreements() {
        return phase.disagreements().stream()
                .map(line -> "DISAGREES: " + (isDecoding() ? "decoding, " : "") + line)
                .toList();
    }

    /** How milliseconds are read: with more decimals where the phase is short. */
    public Unit milliseconds() {
        return milliseconds;
    }

    /** {@code 93.1} for 93,100,000. */
    public String milliseconds(double nanoseconds) {
        return milliseconds.text(PhaseRecords.seconds(nanoseconds));
    }

    /** Why decoding is as fast as it is. */
    public String limit(Ceilings ceilings) {
        String moved = "the compulsory traffic of its products moved at " + Figures.rate(phase.bytesPerSecond() / GIGA)
                + " GB/s";
        String best = Figures.rate(ceilings.memoryPeak().value() / GIGA) + " GB/s ("
                + ceilings.memoryPeak().source() + ")";
        if (phase.fromCaches()) {
            return "The weights fit the caches, so the bandwidth of memory does not limit decoding: " + moved
                    + ", while memory reached " + best + ".";
        }
        if (phase.isAboveMemory(ceilings)) {
            return bound(ceilings) + " MEASUREMENT ERROR: " + moved + ", and the best measured here is " + best
                    + ": the ceiling was measured too low, or the time too short.";
        }
        return String.format(
                Locale.ROOT,
                "%s T%s, %.1f %% of the %s measured here; the median token took %,.3f ms.",
                bound(ceilings),
                moved.substring(1),
                100 * phase.bytesPerSecond() / ceilings.memoryPeak().value(),
                best,
                Statistics.median(phase.typical().stepNanoseconds()) / MILLISECONDS);
    }

    private String bound(Ceilings ceilings) {
        String intensity = Figures.intensity(phase.intensity());
        String balance = Figures.intensity(ceilings.balance());
        return phase.intensity() < ceilings.balance()
                ? "Bound by memory: decoding does " + intensity
                        + " FLOPs for each byte of compulsory traffic, and this machine does " + balance
                        + " in the time that it moves one."
                : "Bound by compute: decoding does " + intensity
                        + " FLOPs for each byte of compulsory traffic, more than the " + balance
                        + " that this machine does in the time that it moves one.";
    }

    /** The tokens that were decoded. */
    public String decoded() {
        String ids = phase.decoded().get(0).stream().map(String::valueOf).collect(Collectors.joining(" "));
        String which = phase.decoded().size() == 1 ? "Decoded: " : "Decoded in the first sequence: ";
        return which + ids
                + phase.text().map(text -> ", which is " + Figures.quoted(text)).orElse("") + ".";
    }

    /**
     * Where the time goes: the worst products by kind, and what lies between products. Where the machine itself was slower than
     * when the ceilings were measured, and that explains most of what is beyond them, no product is blamed.
     */
    public List<String> headlines(Profile profile, Optional<Drift> drift) {
        List<String> lines = new ArrayList<>();
        List<Hotspot> spots = profile.ranked(Grouping.KIND);
        drift.filter(found -> found.explains(spots) > MOST)
                .ifPresentOrElse(
                        found -> lines.add(theMachine(found, spots)), () -> lines.addAll(hotspots(profile, spots)));
        Operator most = Arrays.stream(Operator.values())
                .max(Comparator.comparingDouble(
                        operator -> profile.operator(operator).median()))
                .orElseThrow();
        lines.add(sentences.of("Between products: " + Figures.share(profile.shareOfTimeBetween())
                + " of time; of its operators " + most.label() + " takes most, "
                + milliseconds(profile.operator(most).median()) + " ms."));
        return lines;
    }

    private List<String> hotspots(Profile profile, List<Hotspot> spots) {
        List<String> lines = spots.stream()
                .filter(spot -> spot.excessSeconds() > 0)
                .limit(HEADLINES)
                .map(spot -> sentences.of(spot.products().name() + ": "
                        + Figures.share(profile.shareOfFlops(spot.products())) + " of FLOPs, "
                        + Figures.share(profile.shareOfTime(spot.products())) + " of time, "
                        + milliseconds(GIGA * spot.excessSeconds()) + " ms beyond its ceiling."))
                .toList();
        return lines.isEmpty()
                ? List.of(sentences.of("No kind of product takes longer than its ceiling allows."))
                : lines;
    }

    private String theMachine(Drift drift, List<Hotspot> spots) {
        return sentences.of("The machine, and no product, explains " + Figures.share(drift.explains(spots))
                + " of the time beyond the ceilings: its multiply-adds ran at " + Figures.rate(drift.median())
                + " GFLOP/s before the " + many() + " and at " + Figures.rate(drift.ceiling())
                + " when the ceilings were measured. Profile again when the machine is quiet.");
    }

    /** How it was warmed up and measured. */
    public String measured() {
        WarmUp warmUp = phase.warmUp();
        return repetitions(phase.repetitions().size()) + " after " + repetitions(warmUp.passes()) + " of warm-up ("
                + (warmUp.passes() == 0 ? "none asked for" : warmUp.rule()) + "), medians";
    }

    /** What must be known before the figures are believed; mostly nothing. */
    public List<String> doubts(Profile profile) {
        List<String> doubts = new ArrayList<>();
        if (!phase.warmUp().steady()) {
            doubts.add(
                    phase.warmUp().passes() == 0
                            ? "NOT WARMED UP: --warm-up 0 was asked for; the first " + many()
                                    + " compile and touch memory."
                            : "NOT STEADY: " + many()
                                    + " still differed when the warm-up's number was up; the machine may be"
                                    + " busy, or --warm-up may need to be higher.");
        }
        profile.measurementErrors(one()).forEach(line -> doubts.add("MEASUREMENT ERROR: " + line));
        return doubts;
    }
}
