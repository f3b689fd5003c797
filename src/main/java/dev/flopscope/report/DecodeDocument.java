package dev.flopscope.report;

import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.DecodeResult;
import dev.flopscope.run.KindResult;
import dev.flopscope.run.RunResult;
import java.util.ArrayList;
import java.util.List;

/** The part of a run's document that is about tokens decoded after the pass. */
final class DecodeDocument {
    private final RunResult run;
    private final DecodeResult result;
    private final DecodeAccount account;

    DecodeDocument(RunResult run, DecodeResult result) {
        this.run = run;
        this.result = result;
        this.account = result.account();
    }

    List<Block> blocks() {
        DecodeWords words = new DecodeWords(result);
        List<Block> blocks = new ArrayList<>(List.of(
                PhaseTables.facts(account),
                counts(),
                times(),
                PhaseTables.measured(account, run.wallNanoseconds(), run.reconciliation(), result),
                new Paragraph(words.limit())));
        DecodeWords.disagreements(result.disagreements()).forEach(line -> blocks.add(new Paragraph(line)));
        blocks.add(new Paragraph(words.tokens()));
        return blocks;
    }

    private Table counts() {
        return CountsTable.of(
                "Decoding " + Figures.count(account.tokens()) + " tokens, counted against expected",
                result.kinds(),
                result.reconciliation());
    }

    private Table times() {
        TimesTable table = new TimesTable(result.wallNanoseconds(), List.of("GFLOP/s", "GB/s"));
        for (KindResult kind : result.kinds()) {
            addProducts(
                    table,
                    kind.expected().kind().label(),
                    kind.nanoseconds(),
                    kind.countedFlops(),
                    kind.expected().leastBytes());
        }
        addProducts(
                table,
                "all products",
                result.times().allProducts(),
                result.reconciliation().countedFlops(),
                result.leastBytes());
        table.addBetween(result.times());
        return table.table("Decoding, where the time goes, and the least bytes that moved in it", "of bytes");
    }

    private void addProducts(TimesTable table, String name, long nanoseconds, long flops, long bytes) {
        table.addProducts(
                name,
                nanoseconds,
                List.of(
                        nanoseconds == 0 ? 0 : (double) flops / nanoseconds,
                        nanoseconds == 0 ? 0 : (double) bytes / nanoseconds),
                Figures.percent(bytes, result.leastBytes()));
    }
}
