package dev.flopscope.report;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.DecodeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prefill and decode side by side: what a token costs in each, on paper and as it went. */
final class PhaseTables {
    private static final double NANOSECONDS = 1e9;
    private static final double MILLISECONDS = 1e6;

    private PhaseTables() {}

    /** What is kept and what is read for each token. */
    static Facts facts(DecodeAccount account) {
        return new Facts(List.of(
                new Fact(
                        "decode",
                        Figures.count(account.tokens()) + " tokens, at positions "
                                + Figures.count(account.prefill().context() + 1L) + " to "
                                + Figures.count(account.lastPosition())),
                new Fact(
                        "KV cache",
                        Figures.gibibytes(account.cacheBytes()) + " for " + Figures.count(account.lastPosition())
                                + " positions"),
                new Fact("reads a token", reads(account))));
    }

    private static String reads(DecodeAccount account) {
        return Figures.gigabytes(account.weightsBytesRead()) + " of weights, "
                + Figures.gigabytes(account.cacheBytesReadAt(account.lastPosition()))
                + " of cache at the last position";
    }

    /** Every kind of product of all decoded tokens, for one layer. */
    static Table forms(DecodeAccount account) {
        List<List<String>> rows = new ArrayList<>();
        for (KindAccount kind : account.kinds()) {
            rows.add(List.of(
                    kind.kind().label(),
                    kind.form(),
                    Figures.count(kind.callsPerLayer()),
                    AccountTables.shape(kind),
                    Figures.count(kind.flopsPerLayer())));
        }
        return new Table(
                "Decoding, one layer, and the LM head; S = N·T + N·(N+1)/2 positions are seen",
                List.of(
                        Column.text("product"),
                        Column.text("closed form"),
                        Column.number("calls"),
                        Column.text("m×k×n of one"),
                        Column.number("FLOPs")),
                rows);
    }

    /** A row a phase: FLOPs and bytes for each token, and FLOPs for each byte. */
    static Table sideBySide(List<DecodeAccount> accounts) {
        List<List<String>> rows = new ArrayList<>();
        for (DecodeAccount account : accounts) {
            Account prefill = account.prefill();
            long batch = prefill.batch();
            rows.add(row(
                    account,
                    "prefill",
                    Math.multiplyExact(batch, prefill.context()),
                    prefill.flops(),
                    prefill.leastBytes()));
            rows.add(row(
                    account,
                    "decode",
                    Math.multiplyExact(batch, account.tokens()),
                    account.flops(),
                    account.leastBytes()));
        }
        return new Table(
                "Prefill and decode: bytes are the least that products move",
                List.of(
                        Column.text("model"),
                        Column.number("T"),
                        Column.text("phase"),
                        Column.number("FLOPs a token"),
                        Column.number("bytes a token"),
                        Column.number("FLOPs a byte")),
                rows);
    }

    private static List<String> row(DecodeAccount account, String phase, long tokens, long flops, long bytes) {
        return List.of(
                account.prefill().model().name(),
                Figures.count(account.prefill().context()),
                phase,
                Figures.count(flops / tokens),
                Figures.count(bytes / tokens),
                intensity((double) flops / bytes));
    }

    /**
     * A row a phase: how long a token took, and what it needed.
     *
     * @param account the closed forms of decoding
     * @param prefillNanoseconds the pass before it
     * @param prefill what was counted in that
     * @param decode what decoding gave
     */
    static Table measured(DecodeAccount account, long prefillNanoseconds, Reconciliation prefill, DecodeResult decode) {
        long batch = account.prefill().batch();
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
                        measured(
                                "prefill",
                                Math.multiplyExact(batch, account.prefill().context()),
                                prefillNanoseconds,
                                prefill),
                        measured(
                                "decode",
                                Math.multiplyExact(batch, account.tokens()),
                                decode.wallNanoseconds(),
                                decode.reconciliation())));
    }

    private static List<String> measured(String phase, long tokens, long nanoseconds, Reconciliation counted) {
        return List.of(
                phase,
                Figures.count(tokens),
                String.format(Locale.ROOT, "%,.3f", nanoseconds / MILLISECONDS / tokens),
                Figures.rate(nanoseconds == 0 ? 0 : NANOSECONDS * tokens / nanoseconds),
                Figures.count(counted.countedFlops() / tokens),
                intensity((double) counted.countedFlops() / counted.countedLeastBytes()));
    }

    /** {@code 0.50}. */
    static String intensity(double flopsPerByte) {
        return String.format(Locale.ROOT, "%,.2f", flopsPerByte);
    }

    /** Why the two differ. */
    static Paragraph why(DecodeAccount account) {
        Account prefill = account.prefill();
        return new Paragraph("A pass over the prompt uses each weight for "
                + Figures.count(Math.multiplyExact((long) prefill.batch(), prefill.context()))
                + " tokens, one of decoding for " + Figures.count(prefill.batch())
                + ": about as many bytes must move for that many fewer FLOPs.");
    }
}
