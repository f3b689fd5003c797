package dev.flopscope.report;

import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * The columns of a table, each with what it says of a row, so that a heading and its cells stand in one place.
 *
 * @param <T> what a row is about
 */
final class Columns<T> {
    private final List<Column> columns = new ArrayList<>();
    private final List<Function<T, String>> cells = new ArrayList<>();

    /** Adds a column of words. */
    Columns<T> text(String header, Function<T, String> cell) {
        return add(Column.text(header), cell);
    }

    /** Adds a column of numbers. */
    Columns<T> number(String header, Function<T, String> cell) {
        return add(Column.number(header), cell);
    }

    private Columns<T> add(Column column, Function<T, String> cell) {
        columns.add(column);
        cells.add(cell);
        return this;
    }

    /** The columns, without any row. */
    List<Column> headings() {
        return List.copyOf(columns);
    }

    /** The cells of one row as they are printed. */
    List<String> cells(T row) {
        return cells.stream().map(cell -> cell.apply(row)).toList();
    }

    /** A row of {@code rows} each, under a caption. */
    Table table(String caption, Collection<T> rows) {
        return new Table(caption, columns, rows.stream().map(this::cells).toList());
    }
}
