package dev.flopscope.report;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Table;
import dev.flopscope.run.KindResult;
import java.util.ArrayList;
import java.util.List;

/** Counted beside expected, a row a kind: of a pass, or of all tokens decoded after it. */
final class CountsTable {
    private CountsTable() {}

    static Table of(String caption, List<KindResult> kinds, Reconciliation reconciliation) {
        List<List<String>> rows = new ArrayList<>();
        for (KindResult kind : kinds) {
            rows.add(List.of(
                    kind.expected().kind().label(),
                    Figures.count(kind.countedCalls()),
                    AccountTables.shape(kind.expected()),
                    Figures.count(kind.countedFlops()),
                    Figures.count(kind.expected().flops())));
        }
        rows.add(List.of(
                "all",
                Figures.count(kinds.stream().mapToLong(KindResult::countedCalls).sum()),
                "",
                Figures.count(reconciliation.countedFlops()),
                Figures.count(reconciliation.expectedFlops())));
        return new Table(
                caption,
                List.of(
                        Column.text("product"),
                        Column.number("calls"),
                        Column.text("m×k×n of one"),
                        Column.number("FLOPs counted"),
                        Column.number("FLOPs expected")),
                rows);
    }
}
