package dev.flopscope.report;

import dev.flopscope.flops.Account;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.DecodeResult;
import dev.flopscope.run.KindResult;
import dev.flopscope.run.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run laid out for people. Every table fits 80 columns up to GPT-2 XL at 16,384 tokens. */
final class RunDocument {
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
        return CountsTable.of("Counted against expected, (m×k)·(k×n)", result.kinds(), result.reconciliation());
    }

    private Table times() {
        TimesTable table = new TimesTable(result.wallNanoseconds(), List.of("GFLOP/s"));
        for (KindResult kind : result.kinds()) {
            table.addProducts(
                    kind.expected().kind().label(),
                    kind.nanoseconds(),
                    List.of(kind.gflopsPerSecond()),
                    shareOfFlops(kind.countedFlops()));
        }
        long matmul = result.matmulNanoseconds();
        long counted = result.reconciliation().countedFlops();
        table.addProducts(
                "all products", matmul, List.of(matmul == 0 ? 0 : (double) counted / matmul), shareOfFlops(counted));
        table.addBetween(result.times());
        table.addProducts("pass", result.wallNanoseconds(), List.of(result.gflopsPerSecond()), shareOfFlops(counted));
        return table.table("Where the time goes, and where the FLOPs go", "of FLOPs");
    }

    private String shareOfFlops(long flops) {
        return Figures.percent(flops, result.reconciliation().countedFlops());
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
        int wrong = result.reconciliation().disagreements().size()
                + result.decode().map(decode -> decode.disagreements().size()).orElse(0);
        long checks = result.reconciliation().checks()
                + result.decode().map(DecodeResult::checks).orElse(0L);
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
