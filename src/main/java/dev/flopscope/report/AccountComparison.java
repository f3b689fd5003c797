package dev.flopscope.report;

import dev.flopscope.flops.Account;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;

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
                components("Shares of the FLOPs", account -> flops -> Figures.percent(flops, flops(account))),
                components(
                        "GFLOPs, 10⁹, by component",
                        account -> flops -> String.format(Locale.ROOT, "%,.1f", flops / GIGA)),
                new Paragraph("Counted: " + first.convention() + ".")));
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
            long aToken(long number) {
                return number
                        / Math.multiplyExact(
                                (long) account.batch(), phase.phase().tokens());
            }
        }
        return new Columns<Row>()
                .text("model", row -> row.account().model().name())
                .number("T", row -> Figures.count(row.account().context()))
                .text("phase", row -> row.phase().phase().name().label())
                .number(
                        "FLOPs a token",
                        row -> Figures.count(row.aToken(row.phase().flops())))
                .number(
                        "bytes a token",
                        row -> Figures.count(row.aToken(row.phase().compulsoryBytes())))
                .number(
                        "FLOPs a byte",
                        row -> Figures.intensity(
                                (double) row.phase().flops() / row.phase().compulsoryBytes()))
                .table(
                        "Prefill and decode; bytes are the compulsory traffic of products",
                        accounts.stream()
                                .flatMap(account -> account.phases().stream().map(phase -> new Row(account, phase)))
                                .toList());
    }

    private static long flops(Account account) {
        return account.prefill().flops();
    }

    private Table sizes() {
        return columns()
                .number(
                        "parameters",
                        account -> Figures.count(account.parameters().total()))
                .number("weights", account -> Figures.gibibytes(account.memory().weightsBytes()))
                .number("FLOPs", account -> Figures.count(flops(account)))
                .number("×", account -> Figures.times(flops(account), flops(first)))
                .table("Size; × is how many times the FLOPs of the first", accounts);
    }

    private Table components(String caption, Function<Account, LongFunction<String>> figure) {
        Columns<Account> columns = columns()
                .number(
                        "blocks",
                        account -> figure.apply(account)
                                .apply(account.prefill().components().blocks()));
        for (Component component : Component.values()) {
            columns.number(
                    component.header(),
                    account -> figure.apply(account)
                            .apply(component.of(account.prefill().components())));
        }
        return columns.table(caption, accounts);
    }

    private Columns<Account> columns() {
        Columns<Account> columns = new Columns<Account>()
                .text("model", account -> account.model().name())
                .number("T", account -> Figures.count(account.context()));
        return accounts.stream().allMatch(account -> account.batch() == first.batch())
                ? columns
                : columns.number("B", account -> Figures.count(account.batch()));
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
