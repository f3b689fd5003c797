package dev.flopscope.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Masks Markdown: tables by column, facts by label, and sentences. */
final class MarkdownMask {
    private static final Pattern FACT = Pattern.compile("- ([^:]+): (.*)");
    private static final Pattern CELLS = Pattern.compile("\\| (.*) \\|");

    private String caption = "";

    private MarkdownMask() {}

    static String mask(String text) {
        MarkdownMask mask = new MarkdownMask();
        String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return Arrays.stream(body.split("\n\n", -1))
                        .map(mask::block)
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining("\n\n"))
                + (text.endsWith("\n") ? "\n" : "");
    }

    private Optional<String> block(String block) {
        if (block.startsWith("| ")) {
            return Optional.of(table(block.lines().toList()));
        }
        caption = block.startsWith("**") ? block.substring(2) : "";
        return block.startsWith("- ")
                ? Optional.of(block.lines().map(MarkdownMask::fact).collect(Collectors.joining("\n")))
                : Measured.sentence(block);
    }

    private static String fact(String line) {
        Matcher fact = FACT.matcher(line);
        return fact.matches() ? "- " + fact.group(1) + ": " + Measured.fact(fact.group(1), fact.group(2)) : line;
    }

    private String table(List<String> lines) {
        List<List<String>> cells = lines.stream().map(MarkdownMask::cells).toList();
        MaskedTable masked = MaskedTable.of(caption, cells.get(0), cells.subList(2, cells.size()));
        List<String> text = new ArrayList<>(lines.subList(0, 2));
        masked.rows().forEach(row -> text.add("| " + String.join(" | ", row) + " |"));
        return String.join("\n", text);
    }

    private static List<String> cells(String line) {
        Matcher cells = CELLS.matcher(line);
        return List.of((cells.matches() ? cells.group(1) : line).split(" \\| ", -1));
    }
}
