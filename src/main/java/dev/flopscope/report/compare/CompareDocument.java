package dev.flopscope.report.compare;

import dev.flopscope.compare.Change;
import dev.flopscope.compare.Difference;
import dev.flopscope.compare.Direction;
import dev.flopscope.compare.Interval;
import dev.flopscope.compare.ResultComparison;
import dev.flopscope.compare.ResultComparison.By;
import dev.flopscope.compare.SavedResult;
import dev.flopscope.compare.Series;
import dev.flopscope.document.Column;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** A comparison laid out for people. Its table fits 80 columns. */
final class CompareDocument {
    private final ResultComparison comparison;
    private final OptionalDouble failAbove;

    CompareDocument(ResultComparison comparison, OptionalDouble failAbove) {
        this.comparison = comparison;
        this.failAbove = failAbove;
    }

    Document document() {
        List<Block> blocks = new ArrayList<>(List.of(facts(), table(false)));
        if (comparison.decode().isPresent()) {
            blocks.add(table(true));
        }
        if (comparison.comparable()) {
            blocks.add(new Paragraph(method(comparison.margin()) + confidence()));
        }
        blocks.addAll(Document.paragraphs(tooFew()));
        blocks.add(new Paragraph(verdict()));
        blocks.addAll(Document.paragraphs(decoding()));
        named(Direction.SLOWER, blocks);
        named(Direction.FASTER, blocks);
        failAbove.ifPresent(limit -> blocks.add(new Paragraph(gate(limit))));
        return new Document("What changed from A to B", blocks);
    }

    /** How factors, intervals and verdicts come about, in words. */
    static String method(double margin) {
        return "A factor is the median of all ratios of a repetition of B to one of A (Hodges and Lehmann), its interval"
                + " that of ranks (Mann and Whitney), whatever the shape of the noise; rows are corrected for their"
                + " number (Benjamini and Hochberg). A verdict needs the whole interval beyond a margin of "
                + Figures.percent(margin)
                + ", which stands for how much two processes of the same program differ, and a row's change must be half a"
                + " percent of its phase.";
    }

    private Facts facts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("A", result(comparison.a())));
        facts.add(new Fact("B", result(comparison.b())));
        for (Difference difference : comparison.environmentDifferences()) {
            facts.add(new Fact("differs", difference.describe()));
        }
        comparison
                .speedCalibration()
                .ifPresent(machine -> facts.add(new Fact(
                        "machine",
                        "its multiply-adds took " + Figures.factor(machine.timeFactor())
                                + " times as long in B; verdicts allow for that")));
        if (comparison.environmentDifferences().isEmpty()) {
            facts.add(new Fact("differs", "nothing of machine, BLAS, threads, attention, weights or seed"));
        }
        return new Facts(facts);
    }

    private static String result(SavedResult result) {
        return result.file() + ": " + result.describe() + ", " + Figures.counted(result.repetitions(), "repetition");
    }

    /** Rows of the pass, or of decoding, and last the whole of it. */
    private Table table(boolean ofDecoding) {
        List<Change> all = comparison.rows().stream()
                .filter(change -> change.a().isOfDecoding() == ofDecoding)
                .toList();
        List<Change> shown = new ArrayList<>(shown(all));
        if (!ofDecoding) {
            shown.add(comparison.pass());
        }
        int left = all.size() - (int) shown.stream().filter(all::contains).count();
        return Table.of(
                        (ofDecoding ? "Decoding, B against A" : "B against A: time × is FLOPs × over rate ×")
                                + (left == 0 ? "" : "; " + Figures.count(left) + " sites, equal, not shown"),
                        List.of(
                                Column.words(
                                        "kind",
                                        comparison.by() == By.SITE ? "site" : "product",
                                        change -> inTable(change.a())),
                                CompareColumns.A_SECONDS,
                                CompareColumns.B_SECONDS,
                                CompareColumns.TIME_FACTOR,
                                Column.words("interval", "interval", CompareDocument::interval),
                                CompareColumns.WORK_FACTOR,
                                CompareColumns.RATE_FACTOR,
                                Column.words("verdict", "verdict", change -> shortLabel(change.direction()))),
                        shown)
                .withTotals(1);
    }

    /** Every kind; of sites, which are hundreds, those that got a verdict, what changed most first. Decoding whole comes last. */
    private List<Change> shown(List<Change> rows) {
        if (comparison.by() == By.KIND || !comparison.comparable()) {
            return rows;
        }
        List<Change> shown = new ArrayList<>(rows.stream()
                .filter(change -> change.direction() != Direction.EQUAL && !isDecode(change))
                .sorted(Comparator.comparingDouble(change -> -Math.abs(change.secondsMore())))
                .toList());
        rows.stream().filter(this::isDecode).forEach(shown::add);
        return shown;
    }

    private boolean isDecode(Change change) {
        return comparison.decode().filter(change::equals).isPresent();
    }

    private static String interval(Change change) {
        return change.interval()
                .map(interval -> Figures.factor(interval.low()) + "–" + Figures.factor(interval.high()))
                .orElse("");
    }

    /** The name without the word for decoding, which the caption has. */
    private static String inTable(Series series) {
        String name = name(series);
        return series.isOfDecoding() ? name.substring(name.indexOf(' ') + 1) : name;
    }

    private static String name(Series series) {
        return series.layer().isPresent() ? series.kind() + " " + series.layer().getAsInt() : series.kind();
    }

    private static String factor(OptionalDouble factor) {
        return factor.isPresent() ? Figures.factor(factor.getAsDouble()) : "";
    }

    private static String shortLabel(Direction direction) {
        return switch (direction) {
            case EQUAL -> "equal";
            case NO_INTERVAL, NOT_COMPARABLE -> "–";
            default -> direction.label();
        };
    }

    private String confidence() {
        if (comparison.rows().stream().noneMatch(row -> row.interval().isPresent())) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                " The pass's interval holds with %.2f %%, each row's with %.2f %%.",
                100 * comparison.passConfidence(),
                100 * comparison.rowConfidence());
    }

    private List<String> tooFew() {
        List<String> lines = new ArrayList<>();
        if (!comparison.comparable()) {
            return lines;
        }
        if (comparison.pass().direction() == Direction.NO_INTERVAL) {
            lines.add(Figures.counted(comparison.a().repetitions(), "repetition") + " of A and "
                    + Figures.count(comparison.b().repetitions())
                    + " of B are too few to tell a change from noise: profile with --repetitions 4 or more; "
                    + "run measures one pass.");
        }
        int undecided = comparison.withVerdict(Direction.UNDECIDED).size();
        if (undecided > 0) {
            lines.add("Undecided: these repetitions are too few to tell " + Figures.count(undecided) + " of "
                    + Figures.count(comparison.rows().size()) + " rows from noise; "
                    + comparison.repetitionsForEveryRow() + " of each result are enough.");
        }
        return lines;
    }

    private String verdict() {
        if (!comparison.comparable()) {
            return "NOT COMPARABLE, not the same work: "
                    + comparison.workDifferences().stream()
                            .map(Difference::describe)
                            .collect(Collectors.joining("; "))
                    + ".";
        }
        Change pass = comparison.pass();
        String words = pass.direction().label().toUpperCase(Locale.ROOT) + ": the pass takes "
                + Figures.factor(pass.timeFactor()) + " times as long"
                + pass.interval().map(this::inWords).orElse("");
        if (pass.a().flops().equals(pass.b().flops())) {
            return words + ", for the same FLOPs.";
        }
        return words + ": " + factor(pass.workFactor()) + " times the FLOPs at " + factor(pass.rateFactor())
                + " times the rate.";
    }

    /** What became of the tokens decoded after the pass, if either of the two has any. */
    private List<String> decoding() {
        if (comparison.leavesDecodingOut()) {
            return List.of("The tokens decoded after the pass are left out: A and B have not decoded as many.");
        }
        return comparison.comparable()
                ? comparison.decode().stream()
                        .map(whole -> "Decoding takes " + Figures.factor(whole.timeFactor()) + " times as long"
                                + whole.interval().map(this::inWords).orElse("") + ": "
                                + whole.direction().label() + ".")
                        .toList()
                : List.of();
    }

    private String inWords(Interval interval) {
        return " (" + Figures.factor(interval.low()) + " to " + Figures.factor(interval.high()) + ")";
    }

    /** One line of what got this verdict; sites of a kind together. */
    private void named(Direction direction, List<Block> blocks) {
        Map<String, List<Change>> byKind = comparison.withVerdict(direction).stream()
                .collect(Collectors.groupingBy(change -> change.a().kind(), LinkedHashMap::new, Collectors.toList()));
        if (!byKind.isEmpty()) {
            String label = direction.label();
            blocks.add(new Paragraph(label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1) + ": "
                    + byKind.values().stream().map(CompareDocument::named).collect(Collectors.joining(", "))
                    + "."));
        }
    }

    private static String named(List<Change> ofOneKind) {
        String kind = ofOneKind.get(0).a().kind();
        DoubleSummaryStatistics factors =
                ofOneKind.stream().mapToDouble(Change::timeFactor).summaryStatistics();
        return ofOneKind.size() == 1
                ? name(ofOneKind.get(0).a()) + " × " + Figures.factor(factors.getMin())
                : kind + " in " + Figures.count(ofOneKind.size()) + " layers × " + Figures.factor(factors.getMin())
                        + " to " + Figures.factor(factors.getMax());
    }

    private String gate(double limit) {
        return comparison
                .slowerThan(limit)
                .map(exceeded -> exceeded
                        ? "FAILS: the pass is slower by more than " + Figures.percent(limit)
                                + ", with the whole interval."
                        : "Passes: the pass is not slower by more than " + Figures.percent(limit) + " beyond noise.")
                .orElse("FAILS: whether the pass is slower by more than " + Figures.percent(limit)
                        + " cannot be told from these files.");
    }
}
