package dev.flopscope.report;

import dev.flopscope.report.Document.Align;
import dev.flopscope.report.Document.Block;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Facts;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a document as GitHub's Markdown. */
final class MarkdownRenderer {
    String render(Document document) {
        return "## " + escape(document.title()) + "\n\n" + blocks(document.blocks());
    }

    /** What follows a heading. */
    String blocks(List<Block> blocks) {
        return blocks.stream().map(this::block).collect(Collectors.joining("\n"));
    }

    private String block(Block block) {
        if (block instanceof Facts facts) {
            return facts.facts().stream()
                    .map(fact -> "- " + escape(fact.label()) + ": " + escape(fact.value()) + "\n")
                    .collect(Collectors.joining());
        }
        if (block instanceof Table table) {
            return table(table);
        }
        return escape(((Paragraph) block).text()) + "\n";
    }

    private String table(Table table) {
        return "**" + escape(table.caption()) + "**\n\n"
                + header(table.columns())
                + table.rows().stream().map(this::line).collect(Collectors.joining());
    }

    /** The two lines that begin a table. */
    String header(List<Column> columns) {
        return line(columns.stream().map(Column::header).toList())
                + line(columns.stream()
                        .map(column -> column.align() == Align.RIGHT ? "---:" : "---")
                        .toList());
    }

    /** One line of a table. */
    String line(List<String> cells) {
        return cells.stream().map(MarkdownRenderer::escape).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** Characters that Markdown would read as markup, in the words that reports use. */
    private static String escape(String text) {
        return text.replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("*", "\\*")
                .replace("_", "\\_")
                .replace("<", "&lt;")
                .replace("`", "\\`")
                .replace("\n", " ");
    }
}
