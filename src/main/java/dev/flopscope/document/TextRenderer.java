package dev.flopscope.document;

import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Document.Tone;
import dev.flopscope.document.Document.Verdict;
import dev.flopscope.document.Table.Cell;
import dev.flopscope.document.Table.Heading;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes a document for a terminal of 80 columns or more. */
public final class TextRenderer {
    private static final int WIDTH = 80;
    private static final Pattern WORD = Pattern.compile("[A-Z][A-Z ]+(?=:)");

    private final BiFunction<Tone, String, String> paint;

    /** Without colours. */
    public TextRenderer() {
        this((tone, text) -> text);
    }

    /** A verdict is written as {@code paint} has it; of what begins with capitals and a colon, these. */
    public TextRenderer(BiFunction<Tone, String, String> paint) {
        this.paint = paint;
    }

    /** The whole document. */
    public String render(Document document) {
        return heading(document.title()) + "\n" + blocks(document.blocks());
    }

    /** A title and the line under it. */
    public static String heading(String title) {
        return title + "\n" + "═".repeat(Math.min(WIDTH, title.length())) + "\n";
    }

    /** What follows a title. */
    public String blocks(List<Block> blocks) {
        return blocks.stream().map(this::block).collect(Collectors.joining("\n"));
    }

    private String block(Block block) {
        if (block instanceof Facts facts) {
            return facts(facts);
        }
        if (block instanceof Table table) {
            Lines lines = Lines.of(table);
            return wrap(table.caption(), 0)
                    + lines.header()
                    + table.rows().stream().map(lines::row).collect(Collectors.joining());
        }
        if (block instanceof Verdict verdict) {
            String text = wrap(verdict.text(), 0);
            Matcher word = WORD.matcher(text);
            int end = word.lookingAt() ? word.end() : text.length() - 1;
            return paint.apply(verdict.tone(), text.substring(0, end)) + text.substring(end);
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
     * @param headings its columns
     * @param widths characters of each
     */
    public record Lines(List<Heading> headings, List<Integer> widths) {
        /** Keeps copies. */
        public Lines {
            headings = List.copyOf(headings);
            widths = List.copyOf(widths);
        }

        /** Columns as wide as their widest cells. */
        static Lines of(Table table) {
            return new Lines(
                    table.headings(),
                    IntStream.range(0, table.headings().size())
                            .mapToObj(column -> Math.max(
                                    table.headings().get(column).header().length(),
                                    table.rows().stream()
                                            .mapToInt(row ->
                                                    row.get(column).text().length())
                                            .max()
                                            .orElse(0)))
                            .toList());
        }

        /** The headings and the rule under them. */
        public String header() {
            int width = widths.stream().mapToInt(Integer::intValue).sum() + headings.size() * gap();
            return line(headings.stream().map(Heading::header).toList()) + "─".repeat(width) + "\n";
        }

        /** One line of cells. */
        public String row(List<Cell> cells) {
            return line(cells.stream().map(Cell::text).toList());
        }

        /** With two spaces between them, or one where two make it too long for a terminal. */
        private String line(List<String> cells) {
            return IntStream.range(0, cells.size())
                            .mapToObj(column -> padded(column, cells.get(column)))
                            .collect(Collectors.joining(" ".repeat(gap()), " ", ""))
                            .stripTrailing()
                    + "\n";
        }

        private int gap() {
            int cells = widths.stream().mapToInt(Integer::intValue).sum();
            return cells + 2 * headings.size() > WIDTH ? 1 : 2;
        }

        private String padded(int column, String cell) {
            String padding = " ".repeat(Math.max(0, widths.get(column) - cell.length()));
            return headings.get(column).unit().isNumber() ? padding + cell : cell + padding;
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
