package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Paragraph;
import java.util.ArrayList;
import java.util.List;

/** The closed forms of one pass in full, or of several side by side. */
public final class AccountReport implements Report {
    private final List<Account> accounts;
    private final List<DecodeAccount> decodes;

    /**
     * Reports {@code accounts}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public AccountReport(List<Account> accounts) {
        this(accounts, List.of());
    }

    /**
     * Reports {@code accounts} and decoding after each.
     *
     * @param accounts passes
     * @param decodes none, or one for each pass
     * @throws IllegalArgumentException if there is no pass
     */
    public AccountReport(List<Account> accounts, List<DecodeAccount> decodes) {
        if (accounts.isEmpty()) {
            throw new IllegalArgumentException("nothing to report");
        }
        this.accounts = List.copyOf(accounts);
        this.decodes = List.copyOf(decodes);
    }

    @Override
    public Document document() {
        return accounts.size() == 1 ? one(accounts.get(0)) : several();
    }

    private Document several() {
        Document passes = new Comparison(accounts).document();
        if (decodes.isEmpty()) {
            return passes;
        }
        List<Block> blocks = new ArrayList<>(passes.blocks());
        blocks.add(PhaseTables.sideBySide(decodes));
        return new Document(passes.title(), blocks);
    }

    private Document one(Account account) {
        List<Block> blocks = new ArrayList<>(List.of(
                AccountTables.facts(account),
                AccountTables.parameters(account.parameters()),
                AccountTables.forms(account),
                AccountTables.products(account),
                AccountTables.components(account)));
        for (DecodeAccount decode : decodes) {
            blocks.addAll(List.of(
                    PhaseTables.facts(decode),
                    PhaseTables.forms(decode),
                    PhaseTables.sideBySide(decodes),
                    PhaseTables.why(decode)));
        }
        blocks.add(new Paragraph("Counted: " + account.convention() + "."));
        return new Document(account.model().name() + " on paper", blocks);
    }

    @Override
    public CsvRows rows() {
        List<List<Object>> rows = new ArrayList<>();
        for (Account account : accounts) {
            account.kinds().forEach(kind -> rows.add(row("prefill", account, kind, account.flops())));
        }
        for (DecodeAccount decode : decodes) {
            decode.kinds().forEach(kind -> rows.add(row("decode", decode.prefill(), kind, decode.flops())));
        }
        return new CsvRows(
                List.of(
                        "model", "batch", "context", "kind", "layers", "calls", "m", "k", "n", "flops", "share",
                        "phase"),
                rows);
    }

    private static List<Object> row(String phase, Account account, KindAccount kind, long flops) {
        return List.of(
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
                (double) kind.flops() / flops,
                phase);
    }

    @Override
    public ObjectNode json() {
        if (accounts.size() == 1) {
            return json(0);
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("accounts");
        for (int index = 0; index < accounts.size(); index++) {
            all.add(json(index));
        }
        return json;
    }

    private ObjectNode json(int index) {
        ObjectNode json = new AccountJson(accounts.get(index)).whole();
        if (!decodes.isEmpty()) {
            json.set("decode", DecodeJson.of(decodes.get(index)));
        }
        return json;
    }
}
