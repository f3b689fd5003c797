package dev.flopscope.document;

import dev.flopscope.document.Document.Tone;
import dev.flopscope.schema.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The formats that a report can be written in. */
public enum Format {
    /** Aligned columns for a terminal. */
    TABLE("table", ".txt"),
    /** JSON. */
    JSON("json", ".json"),
    /** JSON lines, a row each; for reports that are rows, which is a sweep alone. */
    JSON_LINES("jsonl", ".jsonl"),
    /** Comma-separated values, as RFC 4180 has them but with line feeds. */
    CSV("csv", ".csv"),
    /** GitHub's Markdown. */
    MARKDOWN("md", ".md"),
    /** One HTML page that needs nothing but itself. */
    HTML("html", ".html");

    private final String label;
    private final String ending;

    Format(String label, String ending) {
        this.label = label;
        this.ending = ending;
    }

    /** The value of {@code --format}. */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }

    /** The ending of files in this format. */
    public String ending() {
        return ending;
    }

    /** Writes {@code report} for a terminal, where {@code paint} gives verdicts their colour; otherwise as without. */
    public String render(Report report, List<String> commandLine, BiFunction<Tone, String, String> paint) {
        return this == TABLE ? new TextRenderer(paint).render(report.document()) : render(report, commandLine);
    }

    /** Writes {@code report}, which {@code commandLine} asked for, in this format, with a line feed at its end. */
    public String render(Report report, List<String> commandLine) {
        return switch (this) {
            case TABLE -> new TextRenderer().render(report.document());
            case JSON -> Json.text(report.json(commandLine));
            case JSON_LINES -> report.lines().stream().map(line -> line + "\n").collect(Collectors.joining());
            case CSV -> report.rows().render();
            case MARKDOWN -> new MarkdownRenderer().render(report.document());
            case HTML -> new HtmlRenderer().render(report.page());
        };
    }

    /** The format of files with the ending that {@code fileName} has. */
    public static Optional<Format> ofFile(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> lower.endsWith(format.ending))
                .findFirst();
    }
}
