package dev.flopscope.document;

import dev.flopscope.document.Document.Verdict;
import dev.flopscope.document.Table.Cell;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table in every format: its name in files, its words for people, what its values are, and the value of a row.
 *
 * @param key the name in CSV, which is that in JSON with underscores for dots
 * @param header the words over it
 * @param unit how people read its values
 * @param value its value in a row, as JSON has it; null where a row has none
 * @param <T> what a row is about
 */
public record Column<T>(String key, String header, Unit unit, Function<? super T, ? extends @Nullable Object> value) {
    /** A column of words. */
    public static <T> Column<T> words(
            String key, String header, Function<? super T, ? extends @Nullable Object> value) {
        return new Column<>(key, header, Unit.WORDS, value);
    }

    /** A column of words that decide, in the colour of their tone where there are colours. */
    public static <T> Column<T> verdict(String key, String header, Function<? super T, Verdict> verdict) {
        return new Column<>(key, header, Unit.VERDICT, verdict);
    }

    /** A column of whole numbers. */
    public static <T> Column<T> count(
            String key, String header, Function<? super T, ? extends @Nullable Object> value) {
        return new Column<>(key, header, Unit.COUNT, value);
    }

    /** The same column under other words. */
    public Column<T> as(String words) {
        return new Column<>(key, words, unit, value);
    }

    /** The same column, read in another unit. */
    public Column<T> in(Unit other) {
        return new Column<>(key, header, other, value);
    }

    Cell cell(T row) {
        Object found = value.apply(row);
        if (found instanceof Verdict verdict) {
            return new Cell(verdict.text(), verdict.text(), verdict.tone());
        }
        return new Cell(found, found == null ? "" : unit.text(found), null);
    }
}
