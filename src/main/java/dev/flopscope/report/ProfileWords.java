package dev.flopscope.report;

import dev.flopscope.profile.Grouping;
import dev.flopscope.profile.Hotspot;
import dev.flopscope.profile.Limit;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.WarmUp;
import dev.flopscope.time.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What one phase of a profile says, in sentences. */
final class ProfileWords {
    private static final int HEADLINES = 3;
    private static final double NANOSECONDS = 1e9;
    private static final double MILLISECONDS = 1e6;
    /** Passes shorter than this, in nanoseconds, need more decimals. */
    private static final long SHORT = 100_000_000;

    private final Profile profile;
    private final String one;
    private final String many;
    private final String milliseconds;

    /** Words on {@code profile}, of which one repetition, and many, are called so. */
    private ProfileWords(Profile profile, String one, String many) {
        this.profile = profile;
        this.one = one;
        this.many = many;
        this.milliseconds = profile.wall().median() < SHORT ? "%,.3f" : "%,.1f";
    }

    /** Words on passes. */
    static ProfileWords ofPasses(Profile profile) {
        return new ProfileWords(profile, "pass", "passes");
    }

    /** Words on the same tokens decoded again and again. */
    static ProfileWords ofDecoding(Profile profile) {
        return new ProfileWords(profile, "decoding", "decodings");
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
            lines.add("No kind of product takes longer than its ceiling allows.");
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

    /** How it was warmed up and measured. */
    String measured() {
        WarmUp warmUp = profile.warmUp();
        return repetitions(profile.repetitions().size()) + " after " + repetitions(warmUp.passes()) + " of warm-up ("
                + (warmUp.passes() == 0 ? "none asked for" : warmUp.rule()) + "), medians";
    }

    /** {@code 10 passes}. */
    String repetitions(int number) {
        return number + " " + (number == 1 ? one : many);
    }

    /** What must be known before the figures are believed; mostly nothing. */
    List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        if (!profile.warmUp().steady()) {
            doubts.add(
                    profile.warmUp().passes() == 0
                            ? "NOT WARMED UP: --warm-up 0 was asked for; the first " + many
                                    + " compile and touch memory."
                            : "NOT STEADY: " + many
                                    + " still differed when the warm-up's number was up; the machine may be"
                                    + " busy, or --warm-up may need to be higher.");
        }
        profile.aboveCeiling().forEach(spot -> doubts.add("MEASUREMENT ERROR: " + aboveCeiling(spot)));
        return doubts;
    }

    /** Says that a rate cannot be. */
    String aboveCeiling(Hotspot spot) {
        String best = profile.limit() == Limit.SHAPE_CLASS
                ? "the best measured of " + ProfileReport.classes(spot) + " products here is"
                : "in a " + one + " the best measured here allows";
        return String.format(
                Locale.ROOT,
                "%s ran at %,.1f GFLOP/s, and %s %,.1f: the ceiling was measured too low, or the time too short.",
                spot.products().name(),
                spot.products().gflopsPerSecond(),
                best,
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
