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
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Document.Verdict;
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
        List<Block> blocks = new ArrayList<>(verdicts());
        blocks.addAll(List.of(facts(), table(false)));
        if (comparison.decode().isPresent()) {
            blocks.add(table(true));
        }
        named(Direction.SLOWER, blocks);
        named(Direction.FASTER, blocks);
        if (comparison.comparable()) {
            blocks.addAll(Document.paragraphs(tooFew()));
            blocks.add(new Paragraph(method(comparison.margin()) + confidence()));
        }
        return new Document("What changed from A to B", blocks);
    }

    /** The verdict on the pass, on decoding, and on the slow-down that is not accepted. */
    private List<Block> verdicts() {
        List<Block> verdicts = new ArrayList<>();
        if (comparison.comparable()) {
            verdicts.add(verdict("the pass", comparison.pass()));
            comparison.decode().map(whole -> verdict("decoding", whole)).ifPresent(verdicts::add);
        } else {
            verdicts.add(new Verdict(
                    Tone.DOUBT,
                    "NOT COMPARABLE, not the same work: "
                            + comparison.workDifferences().stream()
                                    .map(Difference::describe)
                                    .collect(Collectors.joining("; "))
                            + "."));
        }
        failAbove.ifPresent(limit -> verdicts.add(gate(limit)));
        if (comparison.leavesDecodingOut()) {
            verdicts.add(
                    new Paragraph("The tokens decoded after the pass are left out: A and B have not decoded as many."));
        }
        return verdicts;
    }

    private Verdict verdict(String what, Change change) {
        return new Verdict(
                tone(change.direction()),
                change.direction().label().toUpperCase(Locale.ROOT) + ": " + what + " takes "
                        + Figures.factor(change.timeFactor()) + " times as long"
                        + change.interval().map(this::inWords).orElse("") + work(change) + reason(change) + ".");
    }

    /** How much of the factor is work. */
    private static String work(Change change) {
        return change.a().flops().equals(change.b().flops())
                ? ", for the same FLOPs"
                : ", with " + factor(change.workFactor()) + " times the FLOPs at " + factor(change.rateFactor())
                        + " times the rate";
    }

    /** Why two are equal, or why it cannot be told. */
    private String reason(Change change) {
        String margin = "the margin of " + Figures.percent(comparison.margin());
        return switch (change.direction()) {
            case EQUAL -> "; the whole interval lies within " + margin;
            case CANNOT_TELL ->
                change.interval().isEmpty()
                        ? "; " + Figures.counted(comparison.a().repetitions(), "repetition") + " of A and "
                                + Figures.count(comparison.b().repetitions())
                                + " of B are too few to tell a change from noise (profile with --repetitions 4 or more;"
                                + " run measures one pass)"
                        : comparison.machineFactor() == 1
                                ? "; the interval reaches beyond " + margin + ", so these repetitions do not decide it"
                                : "; the machine's own multiply-adds took " + Figures.factor(comparison.machineFactor())
                                        + " times as long, so that a change of the program cannot be told from it";
            default -> "";
        };
    }

    /** How factors, intervals and verdicts come about, in words. */
    static String method(double margin) {
        return "A factor is the median of all ratios of a repetition of B to one of A (Hodges and Lehmann), its interval"
                + " that of ranks (Mann and Whitney), whatever the shape of the noise; rows are corrected for their"
                + " number (Benjamini and Hochberg). Faster or slower needs the whole interval beyond a margin of "
                + Figures.percent(margin)
                + ", which stands for how much two processes of the same program differ, and a row's change must be half a"
                + " percent of its phase; equal needs the whole interval within it.";
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
                        "its multiply-adds took " + Figures.factor(machine.timeFactor()) + " times as long in B"
                                + (comparison.machineFactor() == 1
                                        ? ", no more than noise"
                                        : "; verdicts allow for that"))));
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
                                + (left == 0 ? "" : "; " + Figures.count(left) + " sites, equal or minor, not shown"),
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
                                Column.verdict("verdict", "verdict", change -> inTable(change.direction()))),
                        shown)
                .withTotals(1);
    }

    /** Every kind; of sites, which are hundreds, those that got a verdict, what changed most first. Decoding whole comes last. */
    private List<Change> shown(List<Change> rows) {
        if (comparison.by() == By.KIND || !comparison.comparable()) {
            return rows;
        }
        List<Change> shown = new ArrayList<>(rows.stream()
                .filter(change -> change.direction() != Direction.EQUAL
                        && change.direction() != Direction.MINOR
                        && !isDecode(change))
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

    private static Verdict inTable(Direction direction) {
        return new Verdict(
                tone(direction),
                switch (direction) {
                    case CANNOT_TELL -> "?";
                    case NOT_COMPARABLE -> "–";
                    default -> direction.label();
                });
    }

    private static Tone tone(Direction direction) {
        return switch (direction) {
            case FASTER, EQUAL, MINOR -> Tone.GOOD;
            case SLOWER -> Tone.BAD;
            case CANNOT_TELL, NOT_COMPARABLE -> Tone.DOUBT;
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

    /** How many rows cannot be told for want of repetitions. */
    private List<String> tooFew() {
        int undecided = comparison.withVerdict(Direction.CANNOT_TELL).size();
        int enough = comparison.repetitionsForEveryRow();
        int fewer = Math.min(comparison.a().repetitions(), comparison.b().repetitions());
        if (undecided == 0) {
            return List.of();
        }
        return List.of("A question mark means that it cannot be told: the interval of "
                + Figures.counted(undecided, "row") + " of "
                + Figures.count(comparison.rows().size())
                + " reaches beyond the margin, or there is none."
                + (fewer < enough
                        ? " With " + Figures.counted(fewer, "repetition")
                                + " one row alone cannot get a verdict among so many; " + Figures.count(enough)
                                + " of each result are enough for that."
                        : " More repetitions make intervals narrower."));
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

    private Verdict gate(double limit) {
        String slowDown = "a slow-down of more than " + Figures.percent(limit);
        return switch (comparison.slowDown(limit)) {
            case SHOWN -> new Verdict(Tone.BAD, "FAILS: " + slowDown + " is shown: a whole interval lies beyond it.");
            case NOT_EXCLUDED ->
                new Verdict(
                        Tone.BAD,
                        "FAILS: " + slowDown + " is not shown, but it cannot be excluded"
                                + (comparison.comparable()
                                        ? ": an interval reaches beyond it, or there is none."
                                        : "."));
            case EXCLUDED -> new Verdict(Tone.GOOD, "PASSES: " + slowDown + " is excluded.");
        };
    }
}
