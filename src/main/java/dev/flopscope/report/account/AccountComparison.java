package dev.flopscope.report.account;

import dev.flopscope.document.Column;
import dev.flopscope.document.Document;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.PhaseAccount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;

/** Several accounts side by side, a row each, with ratios to the first; and in words what moved. It is about prompts. */
final class AccountComparison {
    private static final double GIGA = 1e9;

    private final List<Account> accounts;
    private final Account first;

    AccountComparison(List<Account> accounts) {
        this.accounts = accounts;
        this.first = accounts.get(0);
    }

    Document document() {
        List<Block> blocks = new ArrayList<>(List.of(
                sizes(),
                components("Shares of the FLOPs", Unit.PERCENT, (account, flops) -> (double) flops / flops(account)),
                accounts.stream().anyMatch(account -> flops(account) >= GIGA)
                        ? components("GFLOPs, 10⁹, by component", Unit.GIGA, (account, flops) -> flops)
                        : components("FLOPs by component", Unit.MEAN, (account, flops) -> flops),
                new Paragraph("Counted: " + first.convention() + ".")));
        blocks.addAll(AccountTables.ofTheirSizes(
                accounts.stream().map(Account::model).distinct().toList()));
        accounts.stream()
                .filter(account -> account.context() > account.model().contextLength())
                .findFirst()
                .ifPresent(account -> blocks.add(new Paragraph("A context of " + Figures.count(account.context())
                        + " is " + AccountTables.beyondContextLength(account) + ".")));
        addMove(blocks, account -> account.context() == first.context(), this::alongModels);
        addMove(blocks, account -> account.model().equals(first.model()), this::alongContexts);
        if (accounts.stream().anyMatch(account -> account.decode().isPresent())) {
            blocks.add(phases(accounts));
        }
        return new Document("On paper, side by side", blocks);
    }

    /** A row a phase: FLOPs and compulsory traffic for each token, and FLOPs for each byte. */
    static Table phases(List<Account> accounts) {
        record Row(Account account, PhaseAccount phase) {
            double aToken(long number) {
                return (double) number
                        / Math.multiplyExact(
                                (long) account.batch(), phase.phase().tokens());
            }
        }
        return Table.of(
                "Prefill and decode; bytes are the compulsory traffic of products",
                List.<Column<Row>>of(
                        Column.words(
                                "model", "model", row -> row.account().model().name()),
                        Column.count("context", "T", row -> row.account().context()),
                        Column.words(
                                "phase",
                                "phase",
                                row -> row.phase().phase().name().label()),
                        new Column<>(
                                "flops_per_token",
                                "FLOPs a token",
                                Unit.MEAN,
                                row -> row.aToken(row.phase().flops())),
                        new Column<>(
                                "bytes_per_token",
                                "bytes a token",
                                Unit.MEAN,
                                row -> row.aToken(row.phase().compulsoryBytes())),
                        new Column<>(
                                "flops_per_byte",
                                "FLOPs a byte",
                                Unit.INTENSITY,
                                row -> (double) row.phase().flops()
                                        / row.phase().compulsoryBytes())),
                accounts.stream()
                        .flatMap(account -> account.phases().stream().map(phase -> new Row(account, phase)))
                        .toList());
    }

    private static long flops(Account account) {
        return account.prefill().flops();
    }

    private Table sizes() {
        return table(
                "Size; × is how many times the FLOPs of the first",
                List.of(
                        Column.count(
                                "parameters",
                                "parameters",
                                account -> account.parameters().total()),
                        new Column<>(
                                "weights_bytes",
                                "weights",
                                Unit.BYTES,
                                account -> account.memory().weightsBytes()),
                        Column.count("flops", "FLOPs", AccountComparison::flops),
                        new Column<>("times", "×", Unit.TIMES, account -> (double) flops(account) / flops(first))));
    }

    private Table components(String caption, Unit unit, ToDoubleBiFunction<Account, Long> figure) {
        List<Column<Account>> columns = new ArrayList<>();
        columns.add(new Column<>(
                "blocks",
                "blocks",
                unit,
                account -> figure.applyAsDouble(
                        account, account.prefill().components().blocks())));
        for (Component component : Component.values()) {
            columns.add(new Column<>(
                    component.label(),
                    component.header(),
                    unit,
                    account -> figure.applyAsDouble(
                            account, component.of(account.prefill().components()))));
        }
        return table(caption, columns);
    }

    /** A row an account; which it is stands in the first columns. */
    private Table table(String caption, List<Column<Account>> figures) {
        List<Column<Account>> columns = new ArrayList<>();
        columns.add(Column.words("model", "model", account -> account.model().name()));
        columns.add(Column.count("context", "T", Account::context));
        if (accounts.stream().anyMatch(account -> account.batch() != first.batch())) {
            columns.add(Column.count("batch", "B", Account::batch));
        }
        columns.addAll(figures);
        return Table.of(caption, columns, accounts);
    }

    /** How FLOPs and shares move from the first to the last of the accounts that are {@code alike}. */
    private void addMove(List<Block> blocks, Predicate<Account> alike, Function<Account, String> sentence) {
        accounts.stream()
                .filter(account -> account.batch() == first.batch() && alike.test(account))
                .skip(1)
                .reduce((one, other) -> other)
                .ifPresent(last -> blocks.add(new Paragraph(sentence.apply(last) + " " + whatMoved(last))));
    }

    private String alongModels(Account last) {
        return "From " + first.model().name() + " to " + last.model().name() + " at " + Figures.count(first.context())
                + " tokens, parameters grow "
                + Figures.times(last.parameters().total(), first.parameters().total()) + " times and FLOPs "
                + Figures.times(flops(last), flops(first)) + " times.";
    }

    private String alongContexts(Account last) {
        return "From " + Figures.count(first.context()) + " to " + Figures.count(last.context()) + " tokens, "
                + Figures.times(last.context(), first.context()) + " times as many, "
                + first.model().name()
                + " needs " + Figures.times(flops(last), flops(first)) + " times the FLOPs.";
    }

    /** The component whose share rises most, and the one whose share falls most. */
    private String whatMoved(Account last) {
        List<Component> byRise = Arrays.stream(Component.values())
                .sorted(Comparator.comparingDouble(component -> share(component, last) - share(component, first)))
                .toList();
        Component falling = byRise.get(0);
        Component rising = byRise.get(byRise.size() - 1);
        return "The share of " + rising.label() + " goes" + move(rising, last) + ", that of " + falling.label()
                + move(falling, last) + ".";
    }

    private String move(Component component, Account last) {
        return " from " + percent(component, first) + " to " + percent(component, last);
    }

    private static String percent(Component component, Account account) {
        return Figures.percent(component.of(account.prefill().components()), flops(account));
    }

    private static double share(Component component, Account account) {
        return (double) component.of(account.prefill().components()) / flops(account);
    }
}
