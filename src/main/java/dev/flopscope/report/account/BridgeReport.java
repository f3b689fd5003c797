package dev.flopscope.report.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.convention.Bridge;
import dev.flopscope.convention.NamedConvention;
import dev.flopscope.document.Column;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Page;
import dev.flopscope.document.Report;
import dev.flopscope.flops.Account;
import dev.flopscope.report.record.AccountRecords;
import dev.flopscope.report.record.Byline;
import dev.flopscope.report.record.Envelopes;
import dev.flopscope.schema.AccountFile;
import dev.flopscope.schema.BridgeRecord;
import dev.flopscope.schema.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How the total of one convention becomes that of another, a line a term. */
public final class BridgeReport implements Report {
    private final List<Account> accounts;
    private final NamedConvention from;
    private final NamedConvention to;
    private final Instant date = Instant.now();

    /** A line of the bridge of an account. */
    private record Row(Account account, Bridge bridge, Bridge.Line line) {}

    /** Reports {@code accounts}, each a prompt in one chunk with dense attention; there is at least one. */
    public BridgeReport(List<Account> accounts, NamedConvention from, NamedConvention to) {
        this.accounts = List.copyOf(accounts);
        this.from = from;
        this.to = to;
    }

    private Bridge bridge(Account account) {
        return Bridge.of(from.read(account), to.read(account));
    }

    @Override
    public Document document() {
        return document(false);
    }

    private Document document(boolean reasonsInTables) {
        List<Block> blocks = new ArrayList<>();
        for (Account account : accounts) {
            blocks.add(BridgeTables.facts(account));
            blocks.addAll(new BridgeTables(bridge(account)).blocks(reasonsInTables));
        }
        return new Document(BridgeTables.title(accounts) + ", from " + from.name() + " to " + to.name(), blocks);
    }

    @Override
    public Page page() {
        ObjectNode figures = json(List.of());
        return Page.of(document(true), Byline.of(figures), List.of(), figures);
    }

    @Override
    public CsvRows rows() {
        List<Row> rows = new ArrayList<>();
        for (Account account : accounts) {
            Bridge bridge = bridge(account);
            bridge.lines().forEach(line -> rows.add(new Row(account, bridge, line)));
        }
        return CsvRows.of(
                List.of(
                        Column.words(
                                "model", "model", row -> row.account().model().name()),
                        Column.count("batch", "B", row -> row.account().batch()),
                        Column.count("context", "T", row -> row.account().context()),
                        Column.words("from", "from", row -> from.name()),
                        Column.words("to", "to", row -> to.name()),
                        Column.words("term", "term", row -> row.line().term()),
                        Column.count("from_flops", "from", row -> row.line().from()),
                        Column.count("to_flops", "to", row -> row.line().to()),
                        Column.count(
                                "difference", "difference", row -> row.line().difference()),
                        Column.words("why", "why", row -> BridgeTables.why(row.line()))),
                rows);
    }

    @Override
    public ObjectNode json(List<String> commandLine) {
        return Json.tree(new AccountFile(
                Envelopes.of("account", commandLine, date),
                accounts.stream()
                        .map(account -> new AccountFile.Entry(
                                AccountRecords.of(account, List.of()),
                                List.of(),
                                List.of(record(bridge(account))),
                                null))
                        .toList()));
    }

    private static BridgeRecord record(Bridge bridge) {
        return new BridgeRecord(
                bridge.from().convention().name(),
                bridge.to().convention().name(),
                bridge.from().total(),
                bridge.to().total(),
                bridge.lines().stream()
                        .map(line -> new BridgeRecord.Line(
                                line.term(), line.from(), line.to(), line.difference(), BridgeTables.reasons(line)))
                        .toList());
    }
}
