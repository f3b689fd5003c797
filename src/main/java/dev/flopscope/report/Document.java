package dev.flopscope.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A result laid out for people, before it is known whether a terminal or a Markdown page shows it.
 *
 * @param title its heading
 * @param blocks what follows, top to bottom
 */
public record Document(String title, List<Block> blocks) {
    /** Keeps a copy. */
    public Document {
        blocks = List.copyOf(blocks);
    }

    /** One part of a document. */
    public sealed interface Block permits Paragraph, Facts, Table {}

    /** Prose, wrapped by whoever shows it. */
    public record Paragraph(String text) implements Block {}

    /** A paragraph for each of {@code texts}. */
    static List<Block> paragraphs(List<String> texts) {
        return texts.stream().<Block>map(Paragraph::new).toList();
    }

    /** Labels and values, one pair a line. */
    public record Facts(List<Fact> facts) implements Block {
        /** Keeps a copy. */
        public Facts {
            facts = List.copyOf(facts);
        }
    }

    /** One pair. */
    public record Fact(String label, String value) {}

    /**
     * A table.
     *
     * @param caption what it shows
     * @param columns its columns
     * @param rows its rows, as many cells as columns
     */
    public record Table(String caption, List<Column> columns, List<List<String>> rows) implements Block {
        /** Keeps copies and checks that every row fits. */
        public Table {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
            for (List<String> row : rows) {
                if (row.size() != columns.size()) {
                    throw new IllegalArgumentException(
                            "a row of " + row.size() + " cells in a table of " + columns.size() + " columns: " + row);
                }
            }
        }

        /** The same table with a row more. */
        Table plus(String... cells) {
            return plus(List.of(cells));
        }

        /** The same table with a row more. */
        Table plus(List<String> cells) {
            List<List<String>> all = new ArrayList<>(rows);
            all.add(cells);
            return new Table(caption, columns, all);
        }
    }

    /** A column: its heading, and on which side its cells end. */
    public record Column(String header, Align align) {
        /** Words. */
        static Column text(String header) {
            return new Column(header, Align.LEFT);
        }

        /** Numbers. */
        static Column number(String header) {
            return new Column(header, Align.RIGHT);
        }
    }

    /** Where a column's cells stand. */
    public enum Align {
        /** At the left: words. */
        LEFT,
        /** At the right: numbers. */
        RIGHT
    }
}
