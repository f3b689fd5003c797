package dev.flopscope.report.account;

import dev.flopscope.convention.Bridge;
import dev.flopscope.convention.Bridge.Line;
import dev.flopscope.convention.NamedConvention;
import dev.flopscope.document.Column;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Table;
import dev.flopscope.document.Unit;
import dev.flopscope.flops.Account;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How a bridge looks. */
record BridgeTables(Bridge bridge) {
    /** What the accounts are of: the model, if it is one. */
    static String title(List<Account> accounts) {
        List<String> models = accounts.stream()
                .map(account -> account.model().name())
                .distinct()
                .toList();
        return models.size() == 1 ? models.get(0) : "Models";
    }

    /** The model and its prompt. */
    static Facts facts(Account account) {
        return new Facts(List.of(AccountTables.model(account.model()), AccountTables.pass(account, "")));
    }

    /** What a convention counts, and who counts so. */
    static String describe(NamedConvention convention) {
        return convention.counts() + " (" + convention.source() + ")"
                + (convention.training() ? "; this is of training, not of a forward pass" : "");
    }

    /** Why a line's numbers differ, each with its convention; none where they do not. */
    static List<String> reasons(Line line) {
        return line.reasons().stream()
                .map(reason -> reason.convention() + ": " + reason.what())
                .toList();
    }

    /** The same in one line. */
    static String why(Line line) {
        return String.join("; ", reasons(line));
    }

    /** What both conventions count, the lines, and why they differ. */
    List<Block> blocks(boolean reasonsInTable) {
        NamedConvention from = bridge.from().convention();
        NamedConvention to = bridge.to().convention();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Facts(List.of(new Fact(from.name(), describe(from)), new Fact(to.name(), describe(to)))));
        List<Column<Line>> columns = new ArrayList<>(List.of(
                Column.words("term", "term", Line::term),
                Column.count("from_flops", from.name(), Line::from),
                Column.count("to_flops", to.name(), Line::to),
                Column.count("difference", "difference", Line::difference)));
        if (reasonsInTable) {
            columns.add(new Column<>("why", "why", Unit.PROSE, BridgeTables::why));
        }
        List<Line> lines = new ArrayList<>(bridge.lines());
        lines.add(new Line("all", bridge.from().total(), bridge.to().total(), List.of()));
        blocks.add(Table.of("From " + from.name() + " to " + to.name() + ", FLOPs", columns, lines)
                .withTotals(1));
        if (!reasonsInTable) {
            List<Fact> why = termsByReason();
            if (!why.isEmpty()) {
                blocks.add(new Facts(why));
            }
        }
        blocks.add(new Paragraph(sum()));
        return blocks;
    }

    private List<Fact> termsByReason() {
        Map<Bridge.Reason, List<String>> terms = new LinkedHashMap<>();
        bridge.lines()
                .forEach(line -> line.reasons()
                        .forEach(reason -> terms.computeIfAbsent(reason, unused -> new ArrayList<>())
                                .add(line.term())));
        return terms.entrySet().stream()
                .map(entry -> new Fact(
                        entry.getKey().convention(),
                        entry.getKey().what() + ": " + String.join(", ", entry.getValue())))
                .toList();
    }

    /** The sum, written out. */
    private String sum() {
        String differences = bridge.lines().stream()
                .map(Line::difference)
                .filter(difference -> difference.signum() != 0)
                .map(BridgeTables::signed)
                .collect(Collectors.joining(" "));
        return differences.isEmpty()
                ? "The two give the same for this model."
                : count(bridge.from().total()) + " " + differences + " = " + count(bridge.sum()) + ".";
    }

    private static String signed(BigInteger difference) {
        return (difference.signum() < 0 ? "− " : "+ ") + count(difference.abs());
    }

    private static String count(BigInteger number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
