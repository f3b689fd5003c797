package dev.flopscope.report;

import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.DecodeResult;
import dev.flopscope.run.KindResult;
import dev.flopscope.run.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The part of a run's document that is about tokens decoded after the pass. */
final class DecodeDocument {
    private static final double NANOSECONDS = 1e9;
    private static final double MILLISECONDS = 1e6;
    private static final double GIGA = 1e9;

    private final RunResult run;
    private final DecodeResult result;
    private final DecodeAccount account;

    DecodeDocument(RunResult run, DecodeResult result) {
        this.run = run;
        this.result = result;
        this.account = result.account();
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>(
                List.of(PhaseTables.facts(account), counts(), times(), phases(), new Paragraph(limit())));
        result.reconciliation()
                .disagreements()
                .forEach(line -> blocks.add(new Paragraph("DISAGREES: decoding, " + line)));
        if (result.leastBytes() != account.leastBytes()) {
            blocks.add(new Paragraph("DISAGREES: decoding moves " + Figures.count(result.leastBytes())
                    + " bytes by the shapes counted, expected " + Figures.count(account.leastBytes()) + "."));
        }
        blocks.add(new Paragraph(tokens()));
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

    private Table phases() {
        long prompt = Math.multiplyExact(
                (long) account.prefill().batch(), account.prefill().context());
        long decoded = Math.multiplyExact((long) account.prefill().batch(), account.tokens());
        return new Table(
                "Prefill and decode",
                List.of(
                        Column.text("phase"),
                        Column.number("tokens"),
                        Column.number("ms a token"),
                        Column.number("tokens/s"),
                        Column.number("FLOPs a token"),
                        Column.number("FLOPs a byte")),
                List.of(
                        phaseRow(
                                "prefill",
                                prompt,
                                run.wallNanoseconds(),
                                run.reconciliation().countedFlops(),
                                run.reconciliation().countedLeastBytes()),
                        phaseRow(
                                "decode",
                                decoded,
                                result.wallNanoseconds(),
                                result.reconciliation().countedFlops(),
                                result.leastBytes())));
    }

    private static List<String> phaseRow(String phase, long tokens, long nanoseconds, long flops, long bytes) {
        return List.of(
                phase,
                Figures.count(tokens),
                String.format(Locale.ROOT, "%,.3f", nanoseconds / MILLISECONDS / tokens),
                Figures.rate(nanoseconds == 0 ? 0 : NANOSECONDS * tokens / nanoseconds),
                Figures.count(flops / tokens),
                PhaseTables.intensity((double) flops / bytes));
    }

    /** Why decoding is as fast as it is. */
    private String limit() {
        if (run.decodesFromCaches()) {
            return "The weights fit the caches, so memory's bandwidth is no limit here: products moved "
                    + Figures.rate(result.bytesPerSecond() / GIGA) + " GB/s at the least, memory reached " + most()
                    + ".";
        }
        return bound() + " " + ceiling();
    }

    private String most() {
        Ceilings ceilings = result.ceilings();
        return Figures.rate(ceilings.memoryRoof().value() / GIGA) + " GB/s ("
                + ceilings.memoryRoof().source() + ")";
    }

    /** Which limit holds, in one sentence. */
    private String bound() {
        Ceilings ceilings = result.ceilings();
        String intensity = PhaseTables.intensity(result.intensity());
        String balance = PhaseTables.intensity(ceilings.balance());
        return result.intensity() < ceilings.balance()
                ? "Bound by memory: decoding does " + intensity
                        + " FLOPs for each byte its products must move, and this machine does " + balance
                        + " in the time that it moves one."
                : "Bound by compute: decoding does " + intensity + " FLOPs for each byte, more than the " + balance
                        + " that this machine does in the time that it moves one.";
    }

    /** What moved beside what was measured to move. */
    private String ceiling() {
        Ceilings ceilings = result.ceilings();
        String moved = Figures.rate(result.bytesPerSecond() / GIGA) + " GB/s";
        String most = most();
        if (result.aboveCeiling()) {
            return "MEASUREMENT ERROR: products moved " + moved + " at the least, and the best measured here is " + most
                    + ": the ceiling was measured too low, or the time too short.";
        }
        return String.format(
                Locale.ROOT,
                "Products moved %s at the least, %.1f %% of the %s measured here; half of the tokens took %,.3f ms or less.",
                moved,
                100 * result.bytesPerSecond() / ceilings.memoryRoof().value(),
                most,
                result.medianTokenNanoseconds() / MILLISECONDS);
    }

    private String tokens() {
        String ids = result.ids().get(0).stream().map(String::valueOf).collect(Collectors.joining(" "));
        String which = result.ids().size() == 1 ? "Decoded: " : "Decoded in the first sequence: ";
        return which + ids
                + result.text()
                        .map(text -> ", which is " + Figures.quoted(text))
                        .orElse("") + ".";
    }
}
