package dev.flopscope.report;

import dev.flopscope.profile.Repetition;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.KindResult;
import dev.flopscope.run.PhaseMeasurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables of a phase that one repetition is enough for. Each fits 80 columns up to GPT-2 XL at 16,384 tokens. */
final class PhaseTables {
    private static final double MILLISECONDS = 1e6;

    private final PhaseMeasurement phase;
    private final PhaseWords words;

    PhaseTables(PhaseWords words) {
        this.phase = words.phase();
        this.words = words;
    }

    /** Counted beside expected, a row a kind. */
    Table counts() {
        List<KindResult> kinds = phase.kinds();
        return new Columns<KindResult>()
                .text("product", kind -> kind.expected().kind().label())
                .number("calls", kind -> Figures.count(kind.countedCalls()))
                .text("m×k×n of one", kind -> AccountTables.shape(kind.expected()))
                .number("FLOPs counted", kind -> Figures.count(kind.countedFlops()))
                .number("FLOPs expected", kind -> Figures.count(kind.expected().flops()))
                .table(words.title("Counted against expected, (m×k)·(k×n)"), kinds)
                .plus(
                        "all",
                        Figures.count(kinds.stream()
                                .mapToLong(KindResult::countedCalls)
                                .sum()),
                        "",
                        Figures.count(phase.countedFlops()),
                        Figures.count(phase.reconciliation().expectedFlops()));
    }

    /** A stretch of time; FLOPs and bytes are 0 where there is no product in it. */
    private record Stretch(String name, long nanoseconds, long flops, long bytes) {
        /** FLOPs or bytes in 10⁹ a second. */
        String rate(long number) {
            return number == 0 ? "" : Figures.rate(nanoseconds == 0 ? 0 : (double) number / nanoseconds);
        }
    }

    /** Where the wall time went: a row a kind, and a row for each operator between products. */
    Table times() {
        Repetition typical = phase.typical();
        long flops = phase.countedFlops();
        List<Stretch> stretches = new ArrayList<>();
        phase.kinds()
                .forEach(kind -> stretches.add(new Stretch(
                        kind.expected().kind().label(),
                        kind.nanoseconds(),
                        kind.countedFlops(),
                        kind.expected().compulsoryBytes())));
        stretches.add(new Stretch("all products", typical.times().allProducts(), flops, phase.compulsoryBytes()));
        stretches.add(new Stretch("between products", typical.otherNanoseconds(), 0, 0));
        typical.times()
                .operatorsUsed()
                .forEach(operator -> stretches.add(
                        new Stretch("  " + operator.label(), typical.times().operator(operator), 0, 0)));
        stretches.add(new Stretch("  waiting", typical.times().waiting(), 0, 0));
        stretches.add(new Stretch("  unexplained", typical.unexplainedNanoseconds(), 0, 0));
        stretches.add(new Stretch(words.one(), typical.wallNanoseconds(), flops, phase.compulsoryBytes()));
        return new Columns<Stretch>()
                .text("product", Stretch::name)
                .number("seconds", stretch -> Figures.seconds(PhaseRecords.seconds(stretch.nanoseconds())))
                .number("GFLOP/s", stretch -> stretch.rate(stretch.flops()))
                .number("GB/s", stretch -> stretch.rate(stretch.bytes()))
                .number("of time", stretch -> Figures.percent(stretch.nanoseconds(), typical.wallNanoseconds()))
                .number("of FLOPs", stretch -> stretch.flops() == 0 ? "" : Figures.percent(stretch.flops(), flops))
                .table(words.title("Where the time goes, and where the FLOPs go"), stretches);
    }

    /** A row a phase: how long a token took in each, and what it needed. */
    static Table sideBySide(List<PhaseMeasurement> phases) {
        return new Columns<PhaseMeasurement>()
                .text("phase", phase -> phase.account().phase().name().label())
                .number("tokens", phase -> Figures.count(phase.tokens()))
                .number(
                        "ms a token",
                        phase -> String.format(
                                Locale.ROOT,
                                "%,.3f",
                                phase.typical().wallNanoseconds() / MILLISECONDS / phase.tokens()))
                .number("tokens/s", phase -> Figures.rate(phase.tokensPerSecond()))
                .number("FLOPs a token", phase -> Figures.count(phase.countedFlops() / phase.tokens()))
                .number("FLOPs a byte", phase -> Figures.intensity(phase.intensity()))
                .table("Prefill and decode", phases);
    }
}
