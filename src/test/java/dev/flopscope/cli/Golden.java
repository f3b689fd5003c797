package dev.flopscope.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command line whose output is held still.
 *
 * @param name of its golden file
 * @param command the command line, with words that stand for files
 */
record Golden(String name, String command) {
    private static final Set<String> MEASURING =
            Set.of("run", "generate", "profile", "sweep", "hardware", "fit", "--version");
    private static final List<String> ENDINGS = List.of("txt", "md", "csv", "json", "html");
    /** What another start or build changes in a file of what was not measured. */
    private static final Pattern BUILD = Pattern.compile("(\"(?:date|version|commit)\" : \")[^\"]*(\")");

    private static final String MODELS = "src/test/resources/models/";

    /** Reads a case a line. */
    static Stream<Golden> table(String lines) {
        return lines.lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.split("\\|", 2))
                .map(cells -> new Golden(cells[0].strip(), cells[1].strip()));
    }

    private List<String> words() {
        return Stream.of(command.split(" ", -1)).filter(word -> !word.isEmpty()).toList();
    }

    /** TINY and GELU are models, INPUT a folder, OUT another, and FILES an output file in it of each format. */
    String[] expand(Path out) {
        List<String> arguments = new ArrayList<>();
        for (String word : words()) {
            if (word.equals("FILES")) {
                ENDINGS.forEach(ending -> arguments.addAll(
                        List.of("--output", out.resolve("report." + ending).toString())));
            } else {
                arguments.add(word.replaceFirst("^TINY$", MODELS + "tiny.json")
                        .replaceFirst("^GELU$", MODELS + "tiny-gelu.json")
                        .replaceFirst("^INPUT/", GoldenFile.FOLDER + "/input/")
                        .replaceFirst("^OUT/", out + "/"));
            }
        }
        return arguments.toArray(String[]::new);
    }

    /** What standard output is to be read as: a file's name. */
    String standardOutput() {
        int format = words().indexOf("--format");
        String ending = format < 0 || format + 1 == words().size() ? "txt" : words().get(format + 1);
        return "standard output." + ending;
    }

    /** What a file of this name holds, without what another start would not give. */
    String masked(String name, String text) {
        boolean measured =
                words().stream().findFirst().filter(MEASURING::contains).isPresent() && !words().contains("--help");
        String ending = name.substring(name.lastIndexOf('.') + 1);
        if (text.isEmpty() || !measured) {
            return switch (text.isEmpty() ? "" : ending) {
                case "html" -> HtmlMask.readable(text);
                case "json" -> BUILD.matcher(text).replaceAll("$1#$2");
                default -> text;
            };
        }
        return switch (ending) {
            case "json" -> name.startsWith("trace") ? TraceMask.mask(text) : JsonMask.mask(text);
            case "csv" -> CsvMask.mask(text);
            case "html" -> HtmlMask.mask(text);
            case "md" -> MarkdownMask.mask(text);
            default -> TextMask.mask(text);
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
