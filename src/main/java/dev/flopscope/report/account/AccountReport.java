package dev.flopscope.report.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Setting;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.Crossovers;
import dev.flopscope.flops.MemoryAccount;
import dev.flopscope.report.record.AccountRecords;
import dev.flopscope.report.record.Byline;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.schema.AccountFile;
import dev.flopscope.schema.CrossoverRecord;
import dev.flopscope.schema.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The closed forms of one run in full, or of several side by side. */
public final class AccountReport implements Report {
    private static final List<Column<ProductColumns.Row>> COLUMNS = List.of(
            ProductColumns.MODEL,
            ProductColumns.BATCH,
            ProductColumns.CONTEXT,
            ProductColumns.KIND,
            ProductColumns.LAYERS,
            ProductColumns.CALLS,
            ProductColumns.M,
            ProductColumns.K,
            ProductColumns.N,
            ProductColumns.EXPECTED,
            ProductColumns.SHARE_OF_FLOPS,
            ProductColumns.PHASE);

    /** Which share of the LM head is looked for, if none is asked for. */
    public static final int HEAD_PERCENT = 5;

    private final List<Account> accounts;
    private final List<Setting> settings;
    private final int headPercent;
    private final Instant date = Instant.now();

    /**
     * Reports {@code accounts}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public AccountReport(List<Account> accounts) {
        this(accounts, List.of(), HEAD_PERCENT);
    }

    /**
     * Reports {@code accounts}.
     *
     * @param settings the config of their one model, value by value; empty if it is not wanted
     * @param headPercent from which context on the LM head costs less than this is said
     * @throws IllegalArgumentException if there is no account
     */
    public AccountReport(List<Account> accounts, List<Setting> settings, int headPercent) {
        if (accounts.isEmpty()) {
            throw new IllegalArgumentException("nothing to report");
        }
        this.accounts = List.copyOf(accounts);
        this.settings = List.copyOf(settings);
        this.headPercent = headPercent;
    }

    @Override
    public Document document() {
        Document document = accounts.size() == 1 ? one(accounts.get(0)) : new AccountComparison(accounts).document();
        if (settings.isEmpty()) {
            return document;
        }
        List<Block> blocks = new ArrayList<>(document.blocks());
        blocks.add(AccountTables.settings(settings));
        return new Document(document.title(), blocks);
    }

    private Document one(Account account) {
        List<Block> blocks = new ArrayList<>(List.of(facts(account), AccountTables.parameters(account.parameters())));
        account.phases().forEach(phase -> blocks.addAll(AccountTables.phase(account, phase)));
        if (account.decode().isPresent()) {
            blocks.add(AccountComparison.phases(List.of(account)));
            blocks.add(new Paragraph("A pass over the prompt uses each weight for "
                    + Figures.count(Math.multiplyExact(
                            (long) account.batch(), account.prefill().phase().queries()))
                    + " tokens, one of decoding for " + Figures.count(account.batch())
                    + ": about as many bytes must move for that many fewer FLOPs."));
        }
        blocks.add(new Paragraph("Counted: " + account.convention() + "."));
        return new Document(account.model().name() + " on paper", blocks);
    }

    private Facts facts(Account account) {
        MemoryAccount memory = account.memory();
        List<String> missing = account.model().architecture().notExecuted();
        List<Fact> facts =
                new ArrayList<>(List.of(AccountTables.model(account.model()), AccountTables.pass(account, "")));
        facts.addAll(AccountTables.note(account));
        if (!missing.isEmpty()) {
            facts.add(new Fact("not executed", "a run would need " + String.join(", ", missing)));
        }
        if (account.attention().algorithm() != Algorithm.FULL) {
            facts.add(AccountTables.attention(account));
        }
        facts.add(new Fact(
                "weights",
                Figures.bytes(memory.weightsBytes()) + " (" + Figures.decimalBytes(memory.weightsBytes())
                        + ", float32)"));
        facts.add(new Fact(
                "activations", Figures.bytes(memory.activationsBytes()) + " in this executor's reused buffers"));
        if (account.decode().isEmpty()) {
            facts.add(new Fact(
                    "KV cache",
                    Figures.bytes(memory.kvCacheBytes())
                            + (account.prefill().phase().steps() == 1 ? " if a decoder kept every layer's" : "")));
        }
        facts.addAll(AccountTables.decoding(account));
        Crossovers.of(account, headPercent).map(AccountTables::crossovers).ifPresent(facts::add);
        return new Facts(facts);
    }

    @Override
    public Page page() {
        ObjectNode figures = json(List.of());
        return Page.of(document(), Byline.of(figures), AccountPage.charts(accounts), figures);
    }

    @Override
    public CsvRows rows() {
        return CsvRows.of(
                COLUMNS,
                accounts.stream()
                        .flatMap(account -> account.phases().stream()
                                .flatMap(phase -> ProductColumns.rows(account, phase).stream()))
                        .toList());
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        return Json.tree(new AccountFile(
                Envelopes.of("account", commandLine, date),
                accounts.stream()
                        .map(account -> new AccountFile.Entry(
                                AccountRecords.of(account, settings),
                                List.of(),
                                List.of(),
                                Crossovers.of(account, headPercent)
                                        .map(AccountReport::record)
                                        .orElse(null)))
                        .toList()));
    }

    private static CrossoverRecord record(Crossovers crossovers) {
        return new CrossoverRecord(
                crossovers.attentionOverFeedForward(), crossovers.headPercent(), crossovers.headBelow());
    }
}
