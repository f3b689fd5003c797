package dev.flopscope.text;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes words from outside (names of files, values of options, what a file holds) fit for a line that a person reads: a
 * terminal obeys control characters, and nobody reads a value of a million characters.
 */
public final class Printable {
    /** A path fits; a value that somebody pasted does not. */
    private static final int LONGEST_WORD = 160;

    private static final int LONGEST_MESSAGE = 400;

    private static final Pattern LONG_WORD = Pattern.compile("\\S{" + (LONGEST_WORD + 1) + ",}");

    private static final Pattern FORMULA = Pattern.compile("'*[=+@-]");

    private static final String ELLIPSIS = "…";

    private Printable() {}

    /**
     * The text on one line, with every character that has no picture of its own (controls, line breaks, marks that reverse
     * the direction of writing, halves of characters) written as Java and JSON write it: {@code \n}, {@code \}{@code u001b}.
     */
    public static String line(String text) {
        if (text.codePoints().noneMatch(Printable::isHidden)) {
            return text;
        }
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(character -> append(line, character));
        return line.toString();
    }

    /** The text on as many lines as it has, with every other character that has no picture written as {@link #line} does. */
    public static String lines(String text) {
        StringBuilder lines = new StringBuilder();
        text.codePoints().forEach(character -> {
            if (character == '\n' || character == '\t') {
                lines.append((char) character);
            } else {
                append(lines, character);
            }
        });
        return lines.toString();
    }

    private static boolean isHidden(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static void append(StringBuilder line, int character) {
        if (!isHidden(character)) {
            line.appendCodePoint(character);
            return;
        }
        switch (character) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default ->
                Character.toString(character)
                        .chars()
                        .forEach(unit -> line.append(String.format(Locale.ROOT, "\\u%04x", unit)));
        }
    }

    /**
     * The text as a cell of comma-separated values, which may have several lines: with an apostrophe before what a spreadsheet
     * would work out as a formula.
     */
    public static String cell(String text) {
        String lines = Stream.of(text.split("\n", -1)).map(Printable::line).collect(Collectors.joining("\n"));
        return FORMULA.matcher(lines).lookingAt() ? "'" + lines : lines;
    }

    /** The text that {@link #cell} made a cell of. */
    public static String ofCell(String cell) {
        return cell.startsWith("'") && FORMULA.matcher(cell).lookingAt() ? cell.substring(1) : cell;
    }

    /** The text in {@code most} characters at most: of a longer one, the beginning and the end; {@code most} is 4 at least. */
    public static String shortened(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int begin = (most - 1) * 2 / 3;
        int end = text.length() - (most - 1 - begin);
        // No character is cut in half.
        begin -= Character.isLowSurrogate(text.charAt(begin)) ? 1 : 0;
        end += Character.isLowSurrogate(text.charAt(end)) ? 1 : 0;
        return text.substring(0, begin) + ELLIPSIS + text.substring(end);
    }

    /** The text as a message: one line of a few hundred characters at most, long words and what is then too long shortened. */
    public static String message(String text) {
        // Shortened first, so that the time does not depend on what was given.
        String words = LONG_WORD
                .matcher(shortened(text, 100 * LONGEST_MESSAGE))
                .replaceAll(word -> Matcher.quoteReplacement(shortened(word.group(), LONGEST_WORD)));
        return shortened(line(shortened(words, LONGEST_MESSAGE)), LONGEST_MESSAGE);
    }
}
