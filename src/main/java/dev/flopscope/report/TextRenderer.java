package dev.flopscope.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.HorizontalAlign;
import dev.flopscope.report.Document.Align;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a document for a terminal of 80 columns or more. */
final class TextRenderer {
    private static final int WIDTH = 80;
    /** Which of ascii-table's 29 border positions is the rule under the header; the others stay empty. */
    private static final int HEADER_RULE = 8;

    private static final int BORDER_POSITIONS = 29;

    String render(Document document) {
        return document.title() + "\n"
                + "═".repeat(Math.min(WIDTH, document.title().length())) + "\n\n"
                + blocks(document.blocks());
    }

    /** What follows a title. */
    String blocks(List<Block> blocks) {
        return blocks.stream().map(this::block).collect(Collectors.joining("\n"));
    }

    private String block(Block block) {
        if (block instanceof Facts facts) {
            return facts(facts);
        }
        if (block instanceof Table table) {
            return table.caption() + "\n" + table(table);
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

    private static String table(Table table) {
        List<Column> columns = table.columns();
        return AsciiTable.builder()
                        .border(border())
                        .data(
                                columns.stream()
                                        .map(TextRenderer::column)
                                        .toArray(com.github.freva.asciitable.Column[]::new),
                                table.rows().stream()
                                        .map(row -> row.toArray(Object[]::new))
                                        .toArray(Object[][]::new))
                        .asString()
                        .lines()
                        .map(String::stripTrailing)
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    private static Character[] border() {
        Character[] border = new Character[BORDER_POSITIONS];
        border[HEADER_RULE] = '─';
        return border;
    }

    private static com.github.freva.asciitable.Column column(Column column) {
        HorizontalAlign align = column.align() == Align.RIGHT ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
        return new com.github.freva.asciitable.Column()
                .header(column.header())
                .headerAlign(align)
                .dataAlign(align)
                .maxWidth(WIDTH);
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
