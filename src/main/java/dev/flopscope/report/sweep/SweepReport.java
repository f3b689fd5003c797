package dev.flopscope.report.sweep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Document.Verdict;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.profile.Statistics;
import dev.flopscope.report.account.AccountTables;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.schema.Json;
import dev.flopscope.schema.SweepFile;
import dev.flopscope.sweep.Measured;
import dev.flopscope.sweep.Scaling;
import dev.flopscope.sweep.Scaling.Exponent;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepReader;
import dev.flopscope.sweep.SweepResult;
import dev.flopscope.sweep.SweepRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A sweep, finished or as far as it has come. */
public final class SweepReport implements Report {
    static final String TITLE = "Sweep";
    static final String CONVENTION = "matrix products only; a multiply-add is 2 FLOPs; attention is dense, T×T, masked"
            + " after the product, but for causal, which leaves out tiles that the mask empties";
    static final List<Column<SweepRow>> COLUMNS = List.of(
            Column.words("model", "model", row -> row.spec().model().name()),
            Column.count("batch", "B", row -> row.spec().batch()),
            Column.count("context", "T", row -> row.point().context()),
            Column.count("threads", "thr", row -> row.spec().threads()),
            Column.words("settings", "settings", row -> row.point().settings()),
            figure("flops", "GFLOPs", Unit.GIGA, Measured.Totals::countedFlops),
            new Column<>("seconds", "seconds", Unit.NUMERAL, SweepReport::seconds),
            figure("spread", "spread", Unit.NUMERAL, SweepReport::spread),
            figure("gflops_per_second", "GFLOP/s", Unit.GIGA_PER_SECOND, Measured.Totals::gflopsPerSecond));

    /** A row that spreads by more is marked. */
    private static final double MOST_SPREAD = 0.2;

    private final SweepResult result;

    /** Reports {@code result}. */
    public SweepReport(SweepResult result) {
        this.result = result;
    }

    private static Column<SweepRow> figure(
            String key, String header, Unit unit, Function<Measured.Totals, @Nullable Object> figure) {
        return new Column<>(
                key,
                header,
                unit,
                row -> row.measured().map(Measured::all).map(figure).orElse(null));
    }

    private static @Nullable Object seconds(SweepRow row) {
        return row.skipped().isPresent()
                ? "skipped"
                : row.measured()
                        .map(measured -> Figures.seconds(measured.all().median()))
                        .orElse(null);
    }

    private static @Nullable Object spread(Measured.Totals all) {
        return all.samples().size() == 1 || all.median() == 0
                ? null
                : Figures.share(Statistics.relativeSpread(all.samples())) + (isUnsteady(all) ? " !" : "");
    }

    /** Whether the repetitions differ so much that their median says little. */
    private static boolean isUnsteady(Measured.Totals all) {
        return Statistics.relativeSpread(all.samples()) > MOST_SPREAD;
    }

    @Override
    public Document document() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(Table.of(
                "Median of the repetitions; spread is from the fastest to the slowest, of the median",
                COLUMNS,
                result.rows()));
        blocks.addAll(closing());
        return new Document(TITLE, blocks);
    }

    @Override
    public Page page() {
        return SweepPage.of(result, document(), json(List.of()));
    }

    /** What can be said once all rows are there. */
    List<Block> closing() {
        List<Block> lines = new ArrayList<>();
        lines.add(verdict());
        for (SweepRow row : result.rows()) {
            row.measured()
                    .filter(measured -> !measured.agrees())
                    .ifPresent(measured -> lines.add(new Verdict(
                            Tone.BAD,
                            "DISAGREES: " + row.point().describe() + ": counted "
                                    + Figures.count(measured.all().countedFlops()) + " FLOPs, expected "
                                    + Figures.count(measured.all().expectedFlops()) + "; run names the site.")));
        }
        long unsteady = result.measured().stream()
                .filter(measured -> isUnsteady(measured.all()))
                .count();
        if (unsteady > 0) {
            lines.add(new Verdict(
                    Tone.DOUBT,
                    "NOT STEADY: " + Figures.counted(unsteady, "row") + ", marked with !, "
                            + (unsteady == 1 ? "spreads" : "spread") + " by more than " + Figures.percent(MOST_SPREAD)
                            + "; the machine may be busy."));
        }
        for (SweepRow row : result.rows()) {
            row.skipped()
                    .ifPresent(reason -> lines.add(
                            new Verdict(Tone.DOUBT, "SKIPPED: " + row.point().describe() + ": " + reason + ".")));
        }
        if (!result.complete()) {
            lines.add(new Verdict(Tone.DOUBT, "Not complete: --resume goes on from here."));
        }
        result.scalings().forEach(scaling -> lines.add(new Paragraph(inWords(scaling))));
        if (result.rows().stream().anyMatch(row -> row.spec().decode().isPresent())) {
            lines.add(new Paragraph("Times and FLOPs are of the prompt and of the tokens decoded after it together."));
        }
        lines.add(new Paragraph("Counted: " + CONVENTION + "."));
        lines.addAll(AccountTables.ofTheirSizes(
                result.rows().stream().map(row -> row.spec().model()).distinct().toList()));
        return lines;
    }

    private static String inWords(Scaling scaling) {
        SweepPoint point = scaling.point();
        List<Integer> contexts = scaling.contexts();
        return point.spec().model().name() + ", batch "
                + Figures.count(point.spec().batch()) + ", "
                + Figures.counted(point.spec().threads(), "thread") + ", " + point.settings() + ": from "
                + Figures.count(contexts.get(0)) + " to " + Figures.count(contexts.get(contexts.size() - 1))
                + " tokens, time grows as T to the power " + inWords(scaling.time()) + ", FLOPs as T to the power "
                + inWords(scaling.flops()) + ".";
    }

    private static String inWords(Exponent exponent) {
        return Figures.withError(exponent.value(), exponent.standardError());
    }

    private Verdict verdict() {
        int measured = result.measured().size();
        long wrong = result.measured().stream().filter(row -> !row.agrees()).count();
        return wrong == 0
                ? new Verdict(
                        Tone.GOOD,
                        "AGREES: counted = expected at every site of every repetition, in "
                                + Figures.counted(measured, "row") + ".")
                : new Verdict(
                        Tone.BAD,
                        "DISAGREES: " + Figures.counted(wrong, "row") + " of " + Figures.count(measured) + ".");
    }

    @Override
    public CsvRows rows() {
        return new CsvRows(
                SweepReader.FLAT.columns(),
                lines().stream().map(SweepReader.FLAT::cells).toList());
    }

    @Override
    public List<ObjectNode> lines() {
        return result.rows().stream().map(row -> Json.tree(row.record())).toList();
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        return Json.tree(new SweepFile(
                Envelopes.of(
                        "sweep",
                        commandLine,
                        result.rows().stream()
                                .map(SweepRow::date)
                                .max(Comparator.naturalOrder())
                                .orElseGet(Instant::now)),
                CONVENTION,
                result.rows().stream().map(SweepRow::record).toList(),
                result.scalings().stream().map(SweepReport::exponents).toList(),
                result.complete()));
    }

    /** What was fitted to the rows of one family, and what they have in common. */
    private static SweepFile.Exponents exponents(Scaling scaling) {
        SweepPoint point = scaling.point();
        return new SweepFile.Exponents(
                point.spec().model().name(),
                point.modelHash(),
                point.spec().batch(),
                point.spec().threads(),
                point.spec().weights(),
                point.spec().attention().algorithm(),
                point.hasTiles() ? point.queryTile() : null,
                point.hasTiles() ? point.keyTile() : null,
                Json.orNull(point.spec().chunk()),
                Json.orNull(point.spec().decode()),
                point.spec().logits(),
                scaling.contexts(),
                exponent(scaling.time()),
                exponent(scaling.flops()),
                scaling.environment().cpu(),
                scaling.environment().blasKernel());
    }

    private static SweepFile.Exponent exponent(Exponent exponent) {
        return new SweepFile.Exponent(exponent.value(), exponent.standardError());
    }
}
