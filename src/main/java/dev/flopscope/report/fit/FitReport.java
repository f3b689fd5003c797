package dev.flopscope.report.fit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.audit.FormCheck;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Document.Verdict;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.document.Table;
import dev.flopscope.polynomial.Recovery;
import dev.flopscope.polynomial.Recovery.NotPolynomial;
import dev.flopscope.polynomial.Recovery.Recovered;
import dev.flopscope.report.account.AccountTables;
import dev.flopscope.report.record.Byline;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.report.run.MeasurementWords;
import dev.flopscope.run.BlockFit;
import dev.flopscope.run.FitResult;
import dev.flopscope.run.PhaseFit;
import dev.flopscope.schema.AccountRecord;
import dev.flopscope.schema.FitFile;
import dev.flopscope.schema.Json;
import java.util.ArrayList;
import java.util.List;

/** The formulas that were recovered from counts, each beside its closed form. */
public final class FitReport implements Report {
    private final FitResult result;

    /** Reports {@code result}. */
    public FitReport(FitResult result) {
        this.result = result;
    }

    @Override
    public Document document() {
        List<Block> blocks = new ArrayList<>(List.of(verdict(), new Facts(facts())));
        for (BlockFit block : result.blocks()) {
            for (PhaseFit phase : block.phases()) {
                blocks.add(table(block, phase));
                blocks.addAll(bends(phase.checks()));
            }
        }
        if (result.blocks().get(0).phases().size() > 1) {
            blocks.add(new Paragraph("G tokens are decoded after a prompt of T; S = G·T + G·(G+1)/2."));
        }
        return new Document(result.model().name() + ", formulas recovered from counts", blocks);
    }

    private Verdict verdict() {
        long equal = result.checks().stream().filter(FormCheck::agrees).count();
        long none = result.checks().stream().filter(FormCheck::isNoPolynomial).count();
        String rest = none == 0
                ? ""
                : "; " + none + " of them are no polynomial, as their closed forms say that they are none";
        String text = Figures.counted(equal, "recovered formula") + " of "
                + Figures.count(result.checks().size()) + " are the closed forms, term by term" + rest + ".";
        return new Verdict(result.agrees() ? Tone.GOOD : Tone.BAD, text);
    }

    private List<Fact> facts() {
        int fewest = result.checks().stream()
                .map(FormCheck::found)
                .filter(Recovered.class::isInstance)
                .mapToInt(found -> ((Recovered) found).checks())
                .min()
                .orElse(0);
        return List.of(
                AccountTables.model(result.model()),
                new Fact(
                        "executed",
                        Figures.counted(result.passes(), "small model") + "; each formula holds at "
                                + Figures.count(fewest) + " sizes or more beyond those that determine it"),
                new Fact("attention", result.attention().algorithm().label()),
                MeasurementWords.machine(result.machine()),
                MeasurementWords.blas(result.machine()));
    }

    private Table table(BlockFit block, PhaseFit phase) {
        String layers = result.blocks().size() == 1 ? "" : ", " + Figures.counted(block.layers(), "layer");
        return Table.of(
                "FLOPs of all layers, " + phase.phase().label() + layers,
                List.of(
                        Column.words("kind", "product", check -> check.kind().label()),
                        Column.words("polynomial", "recovered from counts", FitReport::polynomial),
                        Column.words("closed_form", "closed form", FormCheck::formula),
                        Column.verdict("agrees", "verdict", FitReport::verdict)),
                phase.checks());
    }

    private static Verdict verdict(FormCheck check) {
        return check.agrees()
                ? new Verdict(Tone.GOOD, "equal")
                : check.isNoPolynomial() ? new Verdict(Tone.DOUBT, "no polynomial") : new Verdict(Tone.BAD, "DIFFERS");
    }

    private static String polynomial(FormCheck check) {
        return check.found() instanceof Recovered recovered
                ? recovered.polynomial().factored()
                : "no polynomial, see below";
    }

    /** Where counts are no polynomial, once for all kinds of which the same is said. */
    private static List<Block> bends(List<FormCheck> checks) {
        return Document.paragraphs(checks.stream()
                .filter(check -> check.found() instanceof NotPolynomial)
                .map(check -> check.kind().label() + ": " + ((NotPolynomial) check.found()).reason() + ".")
                .toList());
    }

    @Override
    public Page page() {
        ObjectNode figures = json(List.of());
        return Page.of(document(), Byline.of(figures), List.of(), figures);
    }

    @Override
    public CsvRows rows() {
        return CsvRows.of(
                List.of(
                        Column.count("layers", "layers", Row::layers),
                        Column.words("phase", "phase", row -> row.formula().phase()),
                        Column.words("kind", "product", row -> row.formula().kind()),
                        Column.words(
                                "closed_form",
                                "closed form",
                                row -> row.formula().closedForm()),
                        Column.words(
                                "polynomial", "recovered", row -> row.formula().polynomial()),
                        Column.words(
                                "not_polynomial",
                                "why not",
                                row -> row.formula().notPolynomial()),
                        Column.count("expected", "FLOPs", row -> row.formula().expected()),
                        Column.words("agrees", "agrees", row -> row.formula().agrees())),
                blocks().stream()
                        .flatMap(block -> block.formulas().stream().map(formula -> new Row(block.layers(), formula)))
                        .toList());
    }

    private record Row(int layers, FitFile.Formula formula) {}

    @Override
    public ObjectNode json(List<String> commandLine) {
        return Json.tree(new FitFile(
                Envelopes.of("fit", commandLine, result.began(), result.machine(), result.engine()),
                AccountRecord.Model.of(result.model()),
                result.attention().algorithm().label(),
                result.context(),
                result.passes(),
                result.seconds(),
                blocks(),
                result.agrees()));
    }

    private List<FitFile.Block> blocks() {
        return result.blocks().stream()
                .map(block -> new FitFile.Block(
                        block.layers(),
                        block.phases().stream()
                                .flatMap(phase -> phase.checks().stream().map(check -> formula(phase, check)))
                                .toList()))
                .toList();
    }

    private static FitFile.Formula formula(PhaseFit phase, FormCheck check) {
        Recovery found = check.found();
        Recovered recovered = found instanceof Recovered polynomial ? polynomial : null;
        return new FitFile.Formula(
                phase.phase().label(),
                check.kind().label(),
                check.formula(),
                recovered == null ? null : recovered.polynomial().factored(),
                recovered == null ? null : recovered.checks(),
                found instanceof NotPolynomial none ? none.reason() : null,
                check.expected(),
                check.predicted().orElse(null),
                check.agrees());
    }
}
