package dev.flopscope.document;

import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Document.Verdict;
import dev.flopscope.document.Table.Cell;
import dev.flopscope.document.Table.Heading;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a document as GitHub's Markdown. */
public final class MarkdownRenderer {
    public String render(Document document) {
        return "## " + escape(document.title()) + "\n\n" + blocks(document.blocks());
    }

    /** What follows a heading. */
    public String blocks(List<Block> blocks) {
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
        if (block instanceof Verdict verdict) {
            return "**" + escape(verdict.text()) + "**\n";
        }
        return escape(((Paragraph) block).text()) + "\n";
    }

    private String table(Table table) {
        return "**" + escape(table.caption()) + "**\n\n"
                + header(table.headings())
                + table.rows().stream().map(this::row).collect(Collectors.joining());
    }

    /** The two lines that begin a table. */
    public String header(List<Heading> headings) {
        return line(headings.stream().map(Heading::header).toList())
                + line(headings.stream()
                        .map(heading -> heading.unit().isNumber() ? "---:" : "---")
                        .toList());
    }

    /** One line of a table. */
    public String row(List<Cell> cells) {
        return line(cells.stream().map(Cell::text).toList());
    }

    private static String line(List<String> cells) {
        return cells.stream().map(MarkdownRenderer::escape).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** Characters that Markdown would read as markup, in the words that reports use. */
    private static String escape(String text) {
        return text.replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("*", "\\*")
                .replace("_", "\\_")
                .replace("[", "\\[")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("`", "\\`")
                .replace("\n", " ");
    }
}
