package dev.flopscope.report.account;

import dev.flopscope.document.Column;
import dev.flopscope.document.Unit;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.report.record.PhaseRecords;
import dev.flopscope.schema.PhaseRecord.Figures;
import dev.flopscope.schema.PhaseRecord.Site;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The columns of products, on paper or measured, in tables and in CSV. */
public final class ProductColumns {
    /** The name of the model. */
    public static final Column<Row> MODEL =
            Column.words("model", "model", row -> row.account().model().name());

    /** B. */
    public static final Column<Row> BATCH =
            Column.count("batch", "B", row -> row.account().batch());

    /** T. */
    public static final Column<Row> CONTEXT =
            Column.count("context", "T", row -> row.account().context());

    /** Whether the products are of the prompt or of decoding. */
    public static final Column<Row> PHASE =
            Column.words("phase", "phase", row -> row.phase().phase().name().label());

    /** The kind. */
    public static final Column<Row> KIND = words("kind", "product", Site::kind);

    /** The name of products that are taken together. */
    public static final Column<Row> PRODUCT = words("product", "product", Site::product);

    /** Layers that have the kind. */
    public static final Column<Row> LAYERS = count("layers", "layers", Site::layers);

    /** Products by closed form. */
    public static final Column<Row> CALLS = count("calls", "calls", Site::calls);

    /** Products that were counted. */
    public static final Column<Row> CALLS_COUNTED = count("calls_counted", "calls", Site::callsCounted);

    /** Rows of the largest product. */
    public static final Column<Row> M = count("m", "m", Site::m);

    /** Its inner extent. */
    public static final Column<Row> K = count("k", "k", Site::k);

    /** Its columns. */
    public static final Column<Row> N = count("n", "n", Site::n);

    /** All three, with an ellipsis if there are smaller shapes too. */
    public static final Column<Row> SHAPE = words("shape", "m×k×n of one", ProductColumns::shape);

    /** FLOPs by closed form. */
    public static final Column<Row> EXPECTED = count("expected", "FLOPs expected", Site::expected);

    /** FLOPs that were counted. */
    public static final Column<Row> COUNTED = count("counted", "FLOPs counted", Site::counted);

    /** Compulsory traffic. */
    public static final Column<Row> BYTES = number("bytes", "GB", Unit.GIGABYTES, Site::bytes);

    /** Part of the phase's FLOPs. */
    public static final Column<Row> SHARE_OF_FLOPS =
            number("share_of_flops", "of FLOPs", Unit.SHARE, Site::shareOfFlops);

    /** Time inside the products; of several repetitions, the median. */
    public static final Column<Row> SECONDS = figure("seconds", "seconds", Unit.SECONDS, Figures::seconds);

    /** How far that time spreads over repetitions. */
    public static final Column<Row> INTERQUARTILE_RANGE =
            figure("interquartile_range_seconds", "IQR", Unit.MILLISECONDS, Figures::interquartileRangeSeconds);

    /** The rate of the products. */
    public static final Column<Row> RATE =
            figure("gflops_per_second", "GFLOP/s", Unit.GIGA_PER_SECOND, Figures::gflopsPerSecond);

    /** The rate to expect of products of their shapes. */
    public static final Column<Row> CEILING =
            figure("ceiling_gflops_per_second", "ceiling", Unit.GIGA_PER_SECOND, Figures::ceilingGflopsPerSecond);

    /** Time beyond what that rate allows; below 0 for products that were faster. */
    public static final Column<Row> EXCESS =
            figure("excess_seconds", "beyond", Unit.MILLISECONDS, Figures::excessSeconds);

    /** Part of the phase's time. */
    public static final Column<Row> SHARE_OF_TIME =
            figure("share_of_time", "of time", Unit.SHARE, Figures::shareOfTime);

    /** Compulsory traffic over the time inside the products. */
    public static final Column<Row> BYTES_PER_SECOND =
            figure("bytes_per_second", "GB/s", Unit.GIGA, Figures::bytesPerSecond);

    /** FLOPs for each byte of compulsory traffic. */
    public static final Column<Row> INTENSITY = figure("intensity", "FLOP/B", Unit.INTENSITY, Figures::intensity);

    /** The rate that the roofline allows. */
    public static final Column<Row> ROOFLINE =
            figure("roofline_gflops_per_second", "GFLOP/s", Unit.GIGA_PER_SECOND, Figures::rooflineGflopsPerSecond);

    /** The part of it that is reached. */
    public static final Column<Row> SHARE_OF_ROOFLINE =
            figure("share_of_roofline", "reached", Unit.SHARE, Figures::shareOfRoofline);

    /** What limits the roofline there. */
    public static final Column<Row> BOUND = figure("bound", "bound by", Unit.WORDS, Figures::bound);

    /** The classes of the products' shapes. */
    public static final Column<Row> SHAPE_CLASSES = figure("shape_classes", "class", Unit.WORDS, Figures::shapeClasses);

    /** The class, where there is one. */
    public static final Column<Row> SHAPE_CLASS =
            figure("shape_class", "class", Unit.WORDS, figures -> switch (figures.shapeClasses()
                    .size()) {
                case 0 -> null;
                case 1 -> figures.shapeClasses().get(0);
                default -> "several";
            });

    private ProductColumns() {}

    /** Products, and what they are products of. */
    public record Row(Account account, PhaseAccount phase, Site site) {}

    private static Column<Row> words(String key, String header, Function<Site, @Nullable Object> value) {
        return number(key, header, Unit.WORDS, value);
    }

    private static Column<Row> count(String key, String header, Function<Site, @Nullable Object> value) {
        return number(key, header, Unit.COUNT, value);
    }

    private static Column<Row> number(String key, String header, Unit unit, Function<Site, @Nullable Object> value) {
        return new Column<>(key, header, unit, row -> value.apply(row.site()));
    }

    private static Column<Row> figure(String key, String header, Unit unit, Function<Figures, @Nullable Object> value) {
        return new Column<>(key, header, unit, row -> {
            @Nullable Figures figures = row.site().figures();
            return figures == null ? null : value.apply(figures);
        });
    }

    private static @Nullable Object shape(Site site) {
        if (site.m() == null) {
            return site.kind() == null ? "several" : null;
        }
        return site.m() + "×" + site.k() + "×" + site.n() + (site.shapes().isEmpty() ? "" : "…");
    }

    /** A row a kind of product in a phase, on paper. */
    public static List<Row> rows(Account account, PhaseAccount phase) {
        return phase.kinds().stream()
                .map(kind -> new Row(account, phase, PhaseRecords.site(phase, kind)))
                .toList();
    }

    /** The sum of {@code rows}, which are of one phase. */
    public static Row sum(String name, List<Row> rows) {
        return new Row(
                rows.get(0).account(),
                rows.get(0).phase(),
                Site.sum(name, rows.stream().map(Row::site).toList()));
    }

    /** {@code rows}, and a last one that sums them. */
    public static List<Row> withSum(List<Row> rows) {
        return Stream.concat(rows.stream(), Stream.of(sum("all", rows))).toList();
    }
}
