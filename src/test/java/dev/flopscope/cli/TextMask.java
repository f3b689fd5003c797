package dev.flopscope.cli;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Masks the text that a terminal gets. What is not masked stays as it is laid out: cells with their padding, paragraphs and
 * facts with their line breaks. What is masked no longer decides how wide a column or how long a line is.
 */
final class TextMask {
    private static final Pattern RULE = Pattern.compile("─+");
    private static final Pattern FACT = Pattern.compile("(\\S+(?: \\S+)*)( {2,})(\\S.*)");
    private static final int GAP = 2;

    private TextMask() {}

    static String mask(String text) {
        String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return Stream.of(body.split("\n\n", -1))
                        .map(TextMask::block)
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining("\n\n"))
                + (text.endsWith("\n") ? "\n" : "");
    }

    private static Optional<String> block(String block) {
        List<String> lines = block.lines().toList();
        for (int line = 1; line < lines.size(); line++) {
            if (RULE.matcher(lines.get(line)).matches()) {
                return Optional.of(table(lines, line));
            }
        }
        return !lines.isEmpty() && FACT.matcher(lines.get(0)).matches()
                ? Optional.of(facts(lines))
                : paragraph(block, lines);
    }

    /** Prose is broken anew wherever a number gets longer, so it becomes one line if there is one to mask. */
    private static Optional<String> paragraph(String block, List<String> lines) {
        String joined = String.join(" ", lines);
        return Measured.sentence(joined).map(masked -> masked.equals(joined) ? block : masked);
    }

    private static String facts(List<String> lines) {
        List<List<String>> facts = new ArrayList<>();
        for (String line : lines) {
            if (!line.startsWith(" ") || facts.isEmpty()) {
                facts.add(new ArrayList<>());
            }
            facts.get(facts.size() - 1).add(line);
        }
        return facts.stream().map(TextMask::fact).collect(Collectors.joining("\n"));
    }

    private static String fact(List<String> lines) {
        Matcher fact = FACT.matcher(
                lines.stream().map(String::stripTrailing).map(TextMask::hanging).collect(Collectors.joining(" ")));
        if (!fact.matches()) {
            return String.join("\n", lines);
        }
        String masked = Measured.fact(fact.group(1), fact.group(3));
        return masked.equals(fact.group(3)) ? String.join("\n", lines) : fact.group(1) + fact.group(2) + masked;
    }

    private static String hanging(String line) {
        return line.startsWith(" ") ? line.strip() : line;
    }

    /** The lines before the header are the caption; those after the rule are rows. */
    private static String table(List<String> lines, int rule) {
        String caption = String.join(" ", lines.subList(0, rule - 1));
        List<String> body = new ArrayList<>(lines.subList(rule + 1, lines.size()));
        body.add(0, lines.get(rule - 1));
        List<int[]> columns = columns(body);
        List<List<String>> cells =
                body.stream().map(line -> cells(line, columns)).toList();
        MaskedTable masked = MaskedTable.of(caption, cells.get(0), cells.subList(1, cells.size()));

        List<String> text = new ArrayList<>(lines.subList(0, rule - 1));
        text.add(line(masked, masked.headers()));
        int width = Stream.concat(Stream.of(masked.headers()), masked.rows().stream())
                .mapToInt(row -> line(masked, row).length())
                .max()
                .orElse(0);
        text.add("─".repeat(width));
        masked.rows().forEach(row -> text.add(line(masked, row)));
        return String.join("\n", text);
    }

    /** From where to where each column goes: they are apart by at least two characters that no line has. */
    private static List<int[]> columns(List<String> lines) {
        int width = lines.stream().mapToInt(String::length).max().orElse(0);
        BitSet used = new BitSet();
        for (String line : lines) {
            for (int at = 0; at < line.length(); at++) {
                if (line.charAt(at) != ' ') {
                    used.set(at);
                }
            }
        }
        List<int[]> columns = new ArrayList<>();
        int start = 0;
        for (int at = used.nextSetBit(0); at >= 0; at = used.nextSetBit(at + 1)) {
            int blank = used.nextClearBit(at);
            int next = used.nextSetBit(blank);
            if (next < 0 || next - blank >= GAP) {
                columns.add(new int[] {start, next < 0 ? width : blank});
                start = next;
            }
            at = blank - 1;
        }
        return columns;
    }

    private static List<String> cells(String line, List<int[]> columns) {
        return columns.stream().map(column -> cell(line, column)).toList();
    }

    private static String cell(String line, int[] column) {
        String padded = line + " ".repeat(Math.max(0, column[1] - line.length()));
        return padded.substring(column[0], column[1]);
    }

    /** In a column that is masked, what is left stands at the right, as wide as its header. */
    private static String line(MaskedTable table, List<String> row) {
        List<String> cells = new ArrayList<>();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            int width = table.headers().get(column).strip().length();
            cells.add(isMasked(table, column) ? atTheRight(cell.strip(), width) : cell);
        }
        return String.join("  ", cells).stripTrailing();
    }

    private static boolean isMasked(MaskedTable table, int column) {
        return table.rows().stream().anyMatch(row -> row.get(column).equals(Measured.MASK));
    }

    private static String atTheRight(String cell, int width) {
        return " ".repeat(Math.max(0, width - cell.length())) + cell;
    }
}
