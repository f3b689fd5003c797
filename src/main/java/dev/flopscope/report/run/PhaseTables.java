package dev.flopscope.report.run;

import dev.flopscope.document.Column;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.profile.Repetition;
import dev.flopscope.report.account.ProductColumns;
import dev.flopscope.report.record.PhaseRecords;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.PhaseMeasurement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of a phase that one repetition is enough for. Each fits 80 columns up to GPT-2 XL at 16,384 tokens. */
public final class PhaseTables {
    private final Measurement measurement;
    private final PhaseMeasurement phase;
    private final PhaseWords words;

    PhaseTables(Measurement measurement, PhaseWords words) {
        this.measurement = measurement;
        this.phase = words.phase();
        this.words = words;
    }

    /** A row a kind of product. */
    List<ProductColumns.Row> products() {
        PhaseRecords records = new PhaseRecords(measurement, phase, false);
        return phase.kinds().stream()
                .map(kind -> new ProductColumns.Row(measurement.account(), phase.account(), records.site(kind)))
                .toList();
    }

    /** Counted beside expected, a row a kind. */
    Table counts() {
        return Table.of(
                        words.title("Counted against expected, (m×k)·(k×n)"),
                        List.of(
                                ProductColumns.KIND,
                                ProductColumns.CALLS_COUNTED,
                                ProductColumns.SHAPE,
                                ProductColumns.COUNTED,
                                ProductColumns.EXPECTED),
                        ProductColumns.withSum(products()))
                .withTotals(1);
    }

    /** A stretch of time; FLOPs and bytes are 0 where there is no product in it. */
    private record Stretch(String name, long nanoseconds, long flops, long bytes) {
        double seconds() {
            return PhaseRecords.seconds(nanoseconds);
        }

        /** FLOPs or bytes in 10⁹ a second. */
        @Nullable
        Double rate(long number) {
            return number == 0 ? null : Double.valueOf(nanoseconds == 0 ? 0 : (double) number / nanoseconds);
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
        return Table.of(
                        words.title("Where the time goes, and where the FLOPs go"),
                        List.of(
                                Column.words("name", "product", Stretch::name),
                                new Column<>("seconds", "seconds", Unit.SECONDS, Stretch::seconds),
                                new Column<>(
                                        "gflops_per_second",
                                        "GFLOP/s",
                                        Unit.GIGA_PER_SECOND,
                                        stretch -> stretch.rate(stretch.flops())),
                                new Column<>(
                                        "gigabytes_per_second",
                                        "GB/s",
                                        Unit.GIGA_PER_SECOND,
                                        stretch -> stretch.rate(stretch.bytes())),
                                new Column<>(
                                        "share_of_time",
                                        "of time",
                                        Unit.PERCENT,
                                        stretch -> (double) stretch.nanoseconds() / typical.wallNanoseconds()),
                                new Column<>(
                                        "share_of_flops",
                                        "of FLOPs",
                                        Unit.PERCENT,
                                        stretch -> stretch.flops() == 0 ? null : (double) stretch.flops() / flops)),
                        stretches)
                .withTotals(1);
    }

    /** A row a phase: how long a token took in each, and what it needed. */
    public static Table sideBySide(List<PhaseMeasurement> phases) {
        return Table.of(
                "Prefill and decode",
                List.<Column<PhaseMeasurement>>of(
                        Column.words(
                                "phase",
                                "phase",
                                phase -> phase.account().phase().name().label()),
                        Column.count("tokens", "tokens", PhaseMeasurement::tokens),
                        new Column<>(
                                "seconds_per_token",
                                "ms a token",
                                Unit.SHORT_MILLISECONDS,
                                phase -> PhaseRecords.seconds(phase.typical().wallNanoseconds()) / phase.tokens()),
                        new Column<>(
                                "tokens_per_second",
                                "tokens/s",
                                Unit.GIGA_PER_SECOND,
                                PhaseMeasurement::tokensPerSecond),
                        new Column<>(
                                "flops_per_token",
                                "FLOPs a token",
                                Unit.MEAN,
                                phase -> (double) phase.countedFlops() / phase.tokens()),
                        new Column<>("flops_per_byte", "FLOPs a byte", Unit.INTENSITY, PhaseMeasurement::intensity)),
                phases);
    }
}
