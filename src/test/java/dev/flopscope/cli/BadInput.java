package dev.flopscope.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A line of {@code bad-inputs.txt}, which says at its beginning what the columns mean.
 *
 * @param line its number
 * @param exitCode what the command must exit with
 * @param names what the line on standard error must have
 * @param arguments the command line, as the table has it
 * @param files contents of what is there, by name
 */
record BadInput(int line, int exitCode, String names, String arguments, Map<String, String> files) {
    private static final Pattern COLUMN = Pattern.compile(" +\\|(?: +|$)");
    private static final Pattern CHANGE = Pattern.compile(" ~(?: |$)");
    private static final Pattern REPEATED = Pattern.compile("<([^<>]*?)\\*(\\d+)>");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))");
    private static final String STANDARD_INPUT = "-";
    /** Where bytes that are no text stand until they are written. */
    private static final int BYTES = 0xE000;

    /** All lines. */
    static List<BadInput> all() {
        List<BadInput> all = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(Path.of("src/test/resources/bad-inputs.txt"));
            for (int line = 0; line < lines.size(); line++) {
                if (!lines.get(line).isBlank() && !lines.get(line).startsWith("#")) {
                    all.add(of(line + 1, lines.get(line)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static BadInput of(int line, String text) {
        List<String> columns = List.of(COLUMN.split(text, -1));
        Map<String, String> files = new LinkedHashMap<>();
        for (String file : columns.subList(3, columns.size())) {
            Matcher parts = Pattern.compile("(.+?)(/| -> |:(?: |$))(.*)").matcher(file.strip());
            if (!parts.matches()) {
                throw new IllegalArgumentException("line " + line + ": no file: " + file);
            }
            files.put(parts.group(1), parts.group(2).strip() + parts.group(3));
        }
        return new BadInput(
                line, Integer.parseInt(columns.get(0).strip()), unescaped(columns.get(1)), columns.get(2), files);
    }

    /** The words of the command line. */
    List<String> words() {
        return Stream.of(arguments.strip().split(" +"))
                .map(word -> word.equals("''") ? "" : unescaped(word))
                .filter(word -> !arguments.isBlank())
                .toList();
    }

    /** What standard input has. */
    byte[] input(Map<String, String> names) {
        return files.containsKey(STANDARD_INPUT)
                ? bytes(files.get(STANDARD_INPUT).substring(1), names)
                : new byte[0];
    }

    /** Makes the files. {@code names} has the contents that have a name. */
    void makeFiles(Path folder, Map<String, String> names) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            String content = file.getValue();
            if (content.equals("/")) {
                Files.createDirectory(path);
            } else if (content.startsWith("->")) {
                Files.createSymbolicLink(path, Path.of(content.substring(2)));
            } else if (!file.getKey().equals(STANDARD_INPUT)) {
                Files.write(path, bytes(content.substring(1), names));
            }
        }
    }

    private byte[] bytes(String content, Map<String, String> names) {
        String[] change = CHANGE.split(content, -1);
        String text = unescaped(change[0]);
        for (Map.Entry<String, String> name : names.entrySet()) {
            text = text.replace(name.getKey(), name.getValue());
        }
        if (change.length > 1) {
            String old = unescaped(change[1]);
            if (!text.contains(old)) {
                throw new IllegalArgumentException("line " + line + ": not in the file: " + old);
            }
            text = text.replaceFirst(Pattern.quote(old), Matcher.quoteReplacement(unescaped(change[2])));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(character -> {
            if (character >= BYTES && character <= BYTES + 0xff) {
                bytes.write(character - BYTES);
            } else {
                bytes.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    private static String unescaped(String text) {
        String repeated = REPEATED.matcher(text)
                .replaceAll(part -> Matcher.quoteReplacement(part.group(1).repeat(Integer.parseInt(part.group(2)))));
        return ESCAPE.matcher(repeated).replaceAll(escape -> Matcher.quoteReplacement(meant(escape)));
    }

    private static String meant(MatchResult escape) {
        if (escape.group(1) != null) {
            return Character.toString(Integer.parseInt(escape.group(1), 16));
        }
        if (escape.group(2) != null) {
            return Character.toString(BYTES + Integer.parseInt(escape.group(2), 16));
        }
        return switch (escape.group(3)) {
            case "n" -> "\n";
            case "t" -> "\t";
            case "e" -> "\u001b";
            case "s" -> " ";
            case "\\" -> "\\";
            default -> throw new IllegalArgumentException("no escape: " + escape.group());
        };
    }

    @Override
    public String toString() {
        String shown = arguments.length() < 80 ? arguments : arguments.substring(0, 80);
        return "line " + line + ": " + shown.strip() + " exits with " + exitCode;
    }
}
