package dev.flopscope.report;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.flops.Account;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.DecodeResult;
import dev.flopscope.run.KindResult;
import dev.flopscope.run.RunResult;
import dev.flopscope.time.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A run laid out for people. Every table fits 80 columns up to GPT-2 XL at 16,384 tokens. */
final class RunDocument {
    private static final double NANOSECONDS = 1e9;

    private final RunResult result;
    private final Account account;

    RunDocument(RunResult result) {
        this.result = result;
        this.account = result.account();
    }

    Document document() {
        List<Block> blocks =
                new ArrayList<>(List.of(new Facts(PassFacts.of(result).facts()), counts(), times()));
        if (!result.predictions().isEmpty()) {
            blocks.add(predictions());
        }
        blocks.add(new Paragraph("Counted: " + account.convention() + "."));
        result.decode().ifPresent(decode -> blocks.addAll(new DecodeDocument(result, decode).blocks()));
        result.reconciliation().disagreements().forEach(line -> blocks.add(new Paragraph("DISAGREES: " + line)));
        blocks.add(new Paragraph(verdict()));
        return new Document(account.model().name() + ", one counted pass", blocks);
    }

    private Table counts() {
        List<List<String>> rows = new ArrayList<>();
        for (KindResult kind : result.kinds()) {
            rows.add(List.of(
                    kind.expected().kind().label(),
                    Figures.count(kind.countedCalls()),
                    AccountTables.shape(kind.expected()),
                    Figures.count(kind.countedFlops()),
                    Figures.count(kind.expected().flops())));
        }
        rows.add(List.of(
                "all",
                Figures.count(result.kinds().stream()
                        .mapToLong(KindResult::countedCalls)
                        .sum()),
                "",
                Figures.count(result.reconciliation().countedFlops()),
                Figures.count(result.reconciliation().expectedFlops())));
        return new Table(
                "Counted against expected, (m×k)·(k×n)",
                List.of(
                        Column.text("product"),
                        Column.number("calls"),
                        Column.text("m×k×n of one"),
                        Column.number("FLOPs counted"),
                        Column.number("FLOPs expected")),
                rows);
    }

    private Table times() {
        List<List<String>> rows = new ArrayList<>();
        for (KindResult kind : result.kinds()) {
            rows.add(timeRow(
                    kind.expected().kind().label(), kind.nanoseconds(), kind.countedFlops(), kind.gflopsPerSecond()));
        }
        long matmul = result.matmulNanoseconds();
        long counted = result.reconciliation().countedFlops();
        rows.add(timeRow("all products", matmul, counted, matmul == 0 ? 0 : (double) counted / matmul));
        rows.add(otherRow("between products", result.wallNanoseconds() - matmul));
        for (Step step : result.times().stepsTaken()) {
            rows.add(otherRow("  " + step.label(), result.times().step(step)));
        }
        rows.add(otherRow("  waiting", result.times().waiting()));
        rows.add(otherRow("  unexplained", result.unexplainedNanoseconds()));
        rows.add(timeRow("pass", result.wallNanoseconds(), counted, result.gflopsPerSecond()));
        return new Table(
                "Where the time goes, and where the FLOPs go",
                List.of(
                        Column.text("product"),
                        Column.number("seconds"),
                        Column.number("GFLOP/s"),
                        Column.number("of time"),
                        Column.number("of FLOPs")),
                rows);
    }

    private List<String> timeRow(String name, long nanoseconds, long flops, double rate) {
        return List.of(
                name,
                Figures.seconds(nanoseconds / NANOSECONDS),
                Figures.rate(rate),
                Figures.percent(nanoseconds, result.wallNanoseconds()),
                Figures.percent(flops, result.reconciliation().countedFlops()));
    }

    private List<String> otherRow(String name, long nanoseconds) {
        return List.of(
                name,
                Figures.seconds(nanoseconds / NANOSECONDS),
                "",
                Figures.percent(nanoseconds, result.wallNanoseconds()),
                "");
    }

    private Table predictions() {
        return new Table(
                "Most likely next tokens (the weights are random, so this is no language)",
                List.of(Column.number("id"), Column.text("token"), Column.number("probability")),
                result.predictions().stream()
                        .map(prediction -> List.of(
                                Integer.toString(prediction.token()),
                                Figures.quoted(prediction.text()),
                                String.format(Locale.ROOT, "%.3e", prediction.probability())))
                        .toList());
    }

    private String verdict() {
        int sites = result.reconciliation().sites().size();
        if (result.agrees()) {
            return "AGREES: counted = expected at each of " + Figures.count(sites)
                    + " sites, calls and shapes included" + decoded() + ": "
                    + Figures.count(result.reconciliation().countedFlops()) + " FLOPs; "
                    + Figures.count(result.allocatedParameters()) + " parameters allocated = expected.";
        }
        List<Reconciliation> all = Stream.concat(
                        Stream.of(result.reconciliation()),
                        result.decode().stream().map(DecodeResult::reconciliation))
                .toList();
        long wrong = all.stream().mapToLong(each -> each.disagreements().size()).sum();
        long checks = all.stream()
                .mapToLong(each -> each.sites().size() + (long) each.sizes().size())
                .sum();
        return "DISAGREES: " + Figures.count(wrong) + " of " + Figures.count(checks) + " checks do not hold.";
    }

    private String decoded() {
        return result.decode()
                .map(decode -> " (and at each of "
                        + Figures.count(decode.reconciliation().sites().size()) + " in decoding, "
                        + Figures.count(decode.reconciliation().countedFlops()) + " FLOPs)")
                .orElse("");
    }
}
