package dev.flopscope.report.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.convention.Bridge;
import dev.flopscope.convention.NamedConvention;
import dev.flopscope.convention.NamedConventions;
import dev.flopscope.convention.Reading;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.flops.Account;
import dev.flopscope.report.record.AccountRecords;
import dev.flopscope.report.record.Byline;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.schema.AccountFile;
import dev.flopscope.schema.ConventionRecord;
import dev.flopscope.schema.Json;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Prompts by other conventions than ours: a line a convention; of one alone, how it comes from ours. */
public final class ConventionReport implements Report {
    private final List<Account> accounts;
    private final List<NamedConvention> conventions;
    private final Instant date = Instant.now();

    /** A term of a prompt by a convention. */
    private record Row(Account account, Reading reading, String term, BigInteger flops) {}

    /** Reports {@code accounts}, each a prompt in one chunk with dense attention, by {@code conventions}; none is empty. */
    public ConventionReport(List<Account> accounts, List<NamedConvention> conventions) {
        this.accounts = List.copyOf(accounts);
        this.conventions = List.copyOf(conventions);
    }

    @Override
    public Document document() {
        List<Block> blocks = new ArrayList<>();
        accounts.forEach(account -> blocks.addAll(ofOne(account)));
        blocks.add(new Paragraph("Counted by flopscope: " + Account.CONVENTION + "."));
        return new Document(BridgeTables.title(accounts) + " by convention", blocks);
    }

    private List<Block> ofOne(Account account) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(BridgeTables.facts(account));
        List<Reading> readings =
                conventions.stream().map(convention -> convention.read(account)).toList();
        blocks.add(summary(account, readings));
        if (readings.size() == 1) {
            blocks.addAll(
                    new BridgeTables(Bridge.of(NamedConventions.OURS.read(account), readings.get(0))).blocks(false));
        } else {
            blocks.add(new Facts(conventions.stream()
                    .map(convention -> new Fact(convention.name(), BridgeTables.describe(convention)))
                    .toList()));
        }
        return blocks;
    }

    private static Table summary(Account account, List<Reading> readings) {
        double ours = account.prefill().flops();
        return Table.of(
                account.model().name() + " at " + account.context() + " tokens",
                List.<Column<Reading>>of(
                        Column.words(
                                "convention",
                                "convention",
                                reading -> reading.convention().name()),
                        Column.words(
                                "counts",
                                "of",
                                reading -> reading.convention().training() ? "training" : "forward pass"),
                        Column.count("flops", "FLOPs", Reading::total),
                        new Column<>(
                                "times",
                                "× flopscope",
                                Unit.FACTOR,
                                reading -> reading.total().doubleValue() / ours)),
                readings);
    }

    @Override
    public Page page() {
        return Page.of(document(), Byline.of(json(List.of())), List.of(), json(List.of()));
    }

    @Override
    public CsvRows rows() {
        List<Row> rows = new ArrayList<>();
        for (Account account : accounts) {
            for (NamedConvention convention : conventions) {
                Reading reading = convention.read(account);
                reading.terms().forEach((term, flops) -> rows.add(new Row(account, reading, term, flops)));
            }
        }
        return CsvRows.of(
                List.of(
                        Column.words(
                                "model", "model", row -> row.account().model().name()),
                        Column.count("batch", "B", row -> row.account().batch()),
                        Column.count("context", "T", row -> row.account().context()),
                        Column.words(
                                "convention",
                                "convention",
                                row -> row.reading().convention().name()),
                        Column.words("term", "term", Row::term),
                        Column.count("flops", "FLOPs", Row::flops)),
                rows);
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        return Json.tree(new AccountFile(
                Envelopes.of("account", commandLine, date),
                accounts.stream()
                        .map(account -> new AccountFile.Entry(
                                AccountRecords.of(account, List.of()),
                                conventions.stream()
                                        .map(convention -> record(convention.read(account)))
                                        .toList(),
                                List.of(),
                                null))
                        .toList()));
    }

    private static ConventionRecord record(Reading reading) {
        NamedConvention convention = reading.convention();
        return new ConventionRecord(
                convention.name(),
                convention.counts(),
                convention.training(),
                convention.source(),
                reading.total(),
                reading.terms().entrySet().stream()
                        .map(term -> new ConventionRecord.Term(term.getKey(), term.getValue()))
                        .toList());
    }
}
