package dev.flopscope.document;

import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.text.Printable;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table, whatever its rows were made of.
 *
 * @param caption what it shows
 * @param headings its columns
 * @param rows its rows, as many cells as columns
 * @param totals how many of the last rows are sums, which stay where they are when a reader sorts
 */
public record Table(String caption, List<Heading> headings, List<List<Cell>> rows, int totals) implements Block {
    /** Keeps copies. */
    public Table {
        caption = Printable.line(caption);
        headings = List.copyOf(headings);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** The head of a column: its name in files, its words over the column, and what its values are. */
    public record Heading(String key, String header, Unit unit) {}

    /** A value as files have it, or none; the same as people read it; and what it says of the result, if it is a verdict. */
    public record Cell(
            @Nullable Object value, String text, @Nullable Tone tone) {
        /** Makes the words fit to show. */
        public Cell {
            text = Printable.line(text);
        }
    }

    /** A row each of {@code rows}, under a caption. */
    public static <T> Table of(String caption, List<Column<T>> columns, Collection<T> rows) {
        return new Table(
                caption,
                headings(columns),
                rows.stream().map(row -> cells(columns, row)).toList(),
                0);
    }

    /** The same table, of which the last {@code number} rows are sums. */
    public Table withTotals(int number) {
        return new Table(caption, headings, rows, number);
    }

    /** The heads of {@code columns}. */
    public static <T> List<Heading> headings(List<Column<T>> columns) {
        return columns.stream()
                .map(column -> new Heading(column.key(), column.header(), column.unit()))
                .toList();
    }

    /** The cells of one row. */
    public static <T> List<Cell> cells(List<Column<T>> columns, T row) {
        return columns.stream().map(column -> column.cell(row)).toList();
    }
}
