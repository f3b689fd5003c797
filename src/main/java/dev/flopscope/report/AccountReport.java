package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Paragraph;
import java.util.ArrayList;
import java.util.List;

/** The closed forms of one pass in full, or of several side by side. */
public final class AccountReport implements Report {
    private final List<Account> accounts;

    /**
     * Reports {@code accounts}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public AccountReport(List<Account> accounts) {
        if (accounts.isEmpty()) {
            throw new IllegalArgumentException("nothing to report");
        }
        this.accounts = List.copyOf(accounts);
    }

    @Override
    public Document document() {
        return accounts.size() == 1 ? one(accounts.get(0)) : new Comparison(accounts).document();
    }

    private static Document one(Account account) {
        List<Block> blocks = List.of(
                AccountTables.facts(account),
                AccountTables.parameters(account.parameters()),
                AccountTables.forms(account),
                AccountTables.products(account),
                AccountTables.components(account),
                new Paragraph("Counted: " + account.convention() + "."));
        return new Document(account.model().name() + " on paper", blocks);
    }

    @Override
    public CsvRows rows() {
        List<List<Object>> rows = new ArrayList<>();
        for (Account account : accounts) {
            for (KindAccount kind : account.kinds()) {
                rows.add(List.of(
                        account.model().name(),
                        account.batch(),
                        account.context(),
                        kind.kind().label(),
                        kind.layers(),
                        kind.calls(),
                        kind.m(),
                        kind.k(),
                        kind.n(),
                        kind.flops(),
                        (double) kind.flops() / account.flops()));
            }
        }
        return new CsvRows(
                List.of("model", "batch", "context", "kind", "layers", "calls", "m", "k", "n", "flops", "share"), rows);
    }

    @Override
    public ObjectNode json() {
        if (accounts.size() == 1) {
            return new AccountJson(accounts.get(0)).whole();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("accounts");
        accounts.forEach(account -> all.add(new AccountJson(account).whole()));
        return json;
    }
}
