package dev.flopscope.report;

import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Table;
import dev.flopscope.time.Step;
import dev.flopscope.time.Times;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where wall time went, a row a kind and a row for each thing between products: of a pass, or of tokens decoded after it. */
final class TimesTable {
    private static final double NANOSECONDS = 1e9;

    private final long wallNanoseconds;
    private final List<String> rates;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param wallNanoseconds what shares of time are of
     * @param rates headings of the rates of products, between their seconds and their share of time
     */
    TimesTable(long wallNanoseconds, List<String> rates) {
        this.wallNanoseconds = wallNanoseconds;
        this.rates = rates;
    }

    /** Adds products: their rates, as many as there are headings, and their share of what the last column is about. */
    void addProducts(String name, long nanoseconds, List<Double> rates, String share) {
        add(name, nanoseconds, rates.stream().map(Figures::rate).toList(), share);
    }

    /** Adds all that is not in products, and what it is made of. */
    void addBetween(Times times) {
        addBetween("between products", wallNanoseconds - times.allProducts());
        for (Step step : times.stepsTaken()) {
            addBetween("  " + step.label(), times.step(step));
        }
        addBetween("  waiting", times.waiting());
        addBetween("  unexplained", wallNanoseconds - times.explained());
    }

    private void addBetween(String name, long nanoseconds) {
        add(name, nanoseconds, Collections.nCopies(rates.size(), ""), "");
    }

    private void add(String name, long nanoseconds, List<String> rates, String share) {
        List<String> row = new ArrayList<>(List.of(name, Figures.seconds(nanoseconds / NANOSECONDS)));
        row.addAll(rates);
        row.add(Figures.percent(nanoseconds, wallNanoseconds));
        row.add(share);
        rows.add(row);
    }

    /** Everything added so far. */
    Table table(String caption, String share) {
        List<Column> columns = new ArrayList<>(List.of(Column.text("product"), Column.number("seconds")));
        rates.forEach(rate -> columns.add(Column.number(rate)));
        columns.add(Column.number("of time"));
        columns.add(Column.number(share));
        return new Table(caption, columns, rows);
    }
}
