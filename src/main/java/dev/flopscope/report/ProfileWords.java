package dev.flopscope.report;

import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Hotspot;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.WarmUp;
import dev.flopscope.time.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What a profile says, in sentences. */
final class ProfileWords {
    private static final int HEADLINES = 3;
    private static final double NANOSECONDS = 1e9;
    private static final double MILLISECONDS = 1e6;
    /** Passes shorter than this, in nanoseconds, need more decimals. */
    private static final long SHORT = 100_000_000;

    private final Profile profile;
    private final String milliseconds;

    ProfileWords(Profile profile) {
        this.profile = profile;
        this.milliseconds = profile.wall().median() < SHORT ? "%,.3f" : "%,.1f";
    }

    /** Where the time goes: the worst products by kind, and what lies between products. */
    List<String> headlines() {
        List<String> lines = new ArrayList<>();
        profile.ranked(Grouping.KIND).stream()
                .filter(spot -> spot.excessSeconds() > 0)
                .limit(HEADLINES)
                .map(this::headline)
                .forEach(lines::add);
        if (lines.isEmpty()) {
            lines.add("No kind of product takes longer than products of its shape take here.");
        }
        lines.add(between());
        return lines;
    }

    private String headline(Hotspot spot) {
        return spot.products().name() + ": " + percent(profile.shareOfFlops(spot.products())) + " of FLOPs, "
                + percent(profile.shareOfTime(spot.products())) + " of time, "
                + milliseconds(nanosecondsBeyond(spot)) + " ms beyond its ceiling.";
    }

    private String between() {
        long wall = profile.typical().wallNanoseconds();
        Step most = Arrays.stream(Step.values())
                .max(Comparator.comparingLong(step -> profile.step(step).median()))
                .orElseThrow();
        return "Between products: " + percent((double) profile.typical().otherNanoseconds() / wall)
                + " of time; of its steps " + most.label() + " takes most, "
                + milliseconds(profile.step(most).median()) + " ms.";
    }

    /** How the passes were warmed up and measured. */
    String measured() {
        WarmUp warmUp = profile.warmUp();
        return passes(profile.repetitions().size()) + " after " + passes(warmUp.passes()) + " of warm-up ("
                + (warmUp.passes() == 0 ? "none asked for" : warmUp.rule()) + "), medians";
    }

    private static String passes(int number) {
        return number == 1 ? "1 pass" : number + " passes";
    }

    /** What must be known before the figures are believed; mostly nothing. */
    List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        if (!profile.warmUp().steady()) {
            doubts.add(
                    profile.warmUp().passes() == 0
                            ? "NOT WARMED UP: --warm-up 0 was asked for; the first passes compile and touch memory."
                            : "NOT STEADY: passes still differed when the warm-up's number was up; the machine may be"
                                    + " busy, or --warm-up may need to be higher.");
        }
        profile.aboveCeiling().forEach(spot -> doubts.add("MEASUREMENT ERROR: " + aboveCeiling(spot)));
        return doubts;
    }

    /** Says that a rate cannot be. */
    static String aboveCeiling(Hotspot spot) {
        return String.format(
                Locale.ROOT,
                "%s ran at %,.1f GFLOP/s, and the best measured of %s products here is %,.1f:"
                        + " the ceiling was measured too low, or the time too short.",
                spot.products().name(),
                spot.products().gflopsPerSecond(),
                ProfileReport.classes(spot),
                spot.bestCeilingGflopsPerSecond());
    }

    /** {@code 93.1}; with more decimals where the whole pass is short. */
    String milliseconds(long nanoseconds) {
        return String.format(Locale.ROOT, milliseconds, nanoseconds / MILLISECONDS);
    }

    /** Time beyond the ceiling, below 0 for products that were faster. */
    static long nanosecondsBeyond(Hotspot spot) {
        return Math.round(spot.excessSeconds() * NANOSECONDS);
    }

    /** {@code 7.6 %}. */
    static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }
}
