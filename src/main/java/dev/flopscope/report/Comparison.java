package dev.flopscope.report;

import dev.flopscope.flops.Account;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** Several accounts side by side, a row each, with ratios to the first, and what moved, in words. */
final class Comparison {
    private static final double GIGA = 1e9;

    private final List<Account> accounts;
    private final Account first;

    Comparison(List<Account> accounts) {
        this.accounts = accounts;
        this.first = accounts.get(0);
    }

    Document document() {
        List<Block> blocks = new ArrayList<>(List.of(sizes(), shares(), flops()));
        blocks.add(new Paragraph("Counted: " + first.convention() + "."));
        accounts.stream()
                .filter(account -> account.context() > account.model().contextLength())
                .findFirst()
                .ifPresent(account -> blocks.add(new Paragraph("A context of " + Figures.count(account.context())
                        + " is " + AccountTables.beyondContextLength(account) + ".")));
        sentences().forEach(sentence -> blocks.add(new Paragraph(sentence)));
        return new Document("On paper, side by side", blocks);
    }

    private Table sizes() {
        return table(
                "Size; × is how many times the FLOPs of the first",
                List.of("parameters", "weights", "FLOPs", "×"),
                account -> Stream.of(
                        Figures.count(account.parameters().total()),
                        Figures.gibibytes(account.memory().weightsBytes()),
                        Figures.count(account.flops()),
                        Figures.times(account.flops(), first.flops())));
    }

    private Table shares() {
        return table(
                "Shares of the FLOPs",
                componentHeaders(),
                account -> perComponent(account, flops -> Figures.percent(flops, account.flops())));
    }

    private Table flops() {
        return table(
                "GFLOPs, 10⁹, by component",
                componentHeaders(),
                account -> perComponent(account, flops -> String.format(Locale.ROOT, "%,.1f", flops / GIGA)));
    }

    private static List<String> componentHeaders() {
        return Stream.concat(
                        Stream.of("blocks"), Arrays.stream(Component.values()).map(Component::header))
                .toList();
    }

    private static Stream<String> perComponent(Account account, Function<Long, String> cell) {
        return Stream.concat(
                        Stream.of(account.components().blocks()),
                        Arrays.stream(Component.values()).map(component -> component.of(account.components())))
                .map(cell);
    }

    private Table table(String caption, List<String> numbers, Function<Account, Stream<String>> cells) {
        List<Column> columns = new ArrayList<>(List.of(Column.text("model"), Column.number("T")));
        boolean batches = accounts.stream().anyMatch(account -> account.batch() != first.batch());
        if (batches) {
            columns.add(Column.number("B"));
        }
        numbers.stream().map(Column::number).forEach(columns::add);
        List<List<String>> rows = new ArrayList<>();
        for (Account account : accounts) {
            List<String> row = new ArrayList<>(List.of(account.model().name(), Figures.count(account.context())));
            if (batches) {
                row.add(Figures.count(account.batch()));
            }
            cells.apply(account).forEach(row::add);
            rows.add(row);
        }
        return new Table(caption, columns, rows);
    }

    /** How the FLOPs and the shares move, along the models and along the contexts, computed from the numbers. */
    private List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        List<Account> alongModels = accounts.stream()
                .filter(account -> account.context() == first.context() && account.batch() == first.batch())
                .toList();
        if (alongModels.size() > 1) {
            Account last = alongModels.get(alongModels.size() - 1);
            sentences.add("From " + first.model().name() + " to " + last.model().name() + " at "
                    + Figures.count(first.context()) + " tokens, parameters grow "
                    + Figures.times(
                            last.parameters().total(), first.parameters().total()) + " times and FLOPs "
                    + Figures.times(last.flops(), first.flops()) + " times. " + whatMoved(first, last));
        }
        List<Account> alongContexts = accounts.stream()
                .filter(account -> account.model().equals(first.model()) && account.batch() == first.batch())
                .toList();
        if (alongContexts.size() > 1) {
            Account last = alongContexts.get(alongContexts.size() - 1);
            sentences.add("From " + Figures.count(first.context()) + " to " + Figures.count(last.context())
                    + " tokens, " + Figures.times(last.context(), first.context()) + " times as many, "
                    + first.model().name() + " needs " + Figures.times(last.flops(), first.flops())
                    + " times the FLOPs. " + whatMoved(first, last));
        }
        return sentences;
    }

    /** The component whose share rises most, and the one whose share falls most. */
    private static String whatMoved(Account from, Account to) {
        List<Component> byRise = Arrays.stream(Component.values())
                .sorted(Comparator.comparingDouble(component -> share(component, to) - share(component, from)))
                .toList();
        Component falling = byRise.get(0);
        Component rising = byRise.get(byRise.size() - 1);
        return "The share of " + rising.label() + " goes from " + percent(rising, from) + " to " + percent(rising, to)
                + ", that of " + falling.label() + " from " + percent(falling, from) + " to " + percent(falling, to)
                + ".";
    }

    private static String percent(Component component, Account account) {
        return Figures.percent(component.of(account.components()), account.flops());
    }

    private static double share(Component component, Account account) {
        return (double) component.of(account.components()) / account.flops();
    }
}
