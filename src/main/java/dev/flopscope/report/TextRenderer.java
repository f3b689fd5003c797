package dev.flopscope.report;

import dev.flopscope.report.Document.Align;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes a document for a terminal of 80 columns or more. */
final class TextRenderer {
    private static final int WIDTH = 80;

    String render(Document document) {
        return heading(document.title()) + "\n" + blocks(document.blocks());
    }

    /** A title and the line under it. */
    static String heading(String title) {
        return title + "\n" + "═".repeat(Math.min(WIDTH, title.length())) + "\n";
    }

    /** What follows a title. */
    String blocks(List<Block> blocks) {
        return blocks.stream().map(TextRenderer::block).collect(Collectors.joining("\n"));
    }

    private static String block(Block block) {
        if (block instanceof Facts facts) {
            return facts(facts);
        }
        if (block instanceof Table table) {
            Lines lines = Lines.of(table);
            return wrap(table.caption(), 0)
                    + lines.header()
                    + table.rows().stream().map(lines::line).collect(Collectors.joining());
        }
        return wrap(((Paragraph) block).text(), 0);
    }

    private static String facts(Facts facts) {
        int label = facts.facts().stream()
                .mapToInt(fact -> fact.label().length())
                .max()
                .orElse(0);
        return facts.facts().stream()
                .map(fact ->
                        fact.label() + " ".repeat(label - fact.label().length() + 2) + wrap(fact.value(), label + 2))
                .collect(Collectors.joining());
    }

    /**
     * How the lines of a table are laid out.
     *
     * @param columns its columns
     * @param widths characters of each
     */
    record Lines(List<Column> columns, List<Integer> widths) {
        /** Keeps copies. */
        Lines {
            columns = List.copyOf(columns);
            widths = List.copyOf(widths);
        }

        /** Columns as wide as their widest cells. */
        static Lines of(Table table) {
            return new Lines(
                    table.columns(),
                    IntStream.range(0, table.columns().size())
                            .mapToObj(column -> Math.max(
                                    table.columns().get(column).header().length(),
                                    table.rows().stream()
                                            .mapToInt(row -> row.get(column).length())
                                            .max()
                                            .orElse(0)))
                            .toList());
        }

        /** The headings and the rule under them. */
        String header() {
            int width = widths.stream().mapToInt(Integer::intValue).sum() + columns.size() * gap();
            return line(columns.stream().map(Column::header).toList()) + "─".repeat(width) + "\n";
        }

        /** One line of cells, with two spaces between them, or one where two make it too long for a terminal. */
        String line(List<String> cells) {
            return IntStream.range(0, cells.size())
                            .mapToObj(column -> padded(column, cells.get(column)))
                            .collect(Collectors.joining(" ".repeat(gap()), " ", ""))
                            .stripTrailing()
                    + "\n";
        }

        private int gap() {
            int cells = widths.stream().mapToInt(Integer::intValue).sum();
            return cells + 2 * columns.size() > WIDTH ? 1 : 2;
        }

        private String padded(int column, String cell) {
            String padding = " ".repeat(Math.max(0, widths.get(column) - cell.length()));
            return columns.get(column).align() == Align.RIGHT ? padding + cell : cell + padding;
        }
    }

    /** Breaks prose between words; lines after the first are indented. */
    private static String wrap(String text, int indent) {
        StringBuilder wrapped = new StringBuilder();
        int column = indent;
        for (String word : text.split(" ", -1)) {
            if (column > indent && column + 1 + word.length() > WIDTH) {
                wrapped.append('\n').append(" ".repeat(indent));
                column = indent;
            } else if (column > indent) {
                wrapped.append(' ');
                column++;
            }
            wrapped.append(word);
            column += word.length();
        }
        return wrapped.append('\n').toString();
    }
}
