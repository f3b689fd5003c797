package dev.flopscope.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.text.Normalizer;
import java.util.Map;

/** Writes for a terminal that shows ASCII alone: what Flopscope's reports use has a likeness, the rest is a question mark. */
final class AsciiWriter extends FilterWriter {
    private static final Map<Character, String> LIKENESSES = Map.ofEntries(
            Map.entry('═', "="),
            Map.entry('─', "-"),
            Map.entry('–', "-"),
            Map.entry('−', "-"),
            Map.entry('×', "x"),
            Map.entry('·', "*"),
            Map.entry('…', "..."),
            Map.entry('→', "->"),
            Map.entry('—', "-"),
            Map.entry('²', "^2"),
            Map.entry('³', "^3"),
            Map.entry('⁶', "^6"),
            Map.entry('⁹', "^9"),
            Map.entry('≤', "<="),
            Map.entry('≥', ">="),
            Map.entry('█', "#"));

    /** Writes to {@code out}. */
    AsciiWriter(Writer out) {
        super(out);
    }

    @Override
    public void write(int character) throws IOException {
        write(String.valueOf((char) character), 0, 1);
    }

    @Override
    public void write(char[] characters, int from, int length) throws IOException {
        write(String.valueOf(characters, from, length), 0, length);
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        StringBuilder ascii = new StringBuilder();
        for (char character : text.substring(from, from + length).toCharArray()) {
            ascii.append(character < 128 ? String.valueOf(character) : likeness(character));
        }
        out.write(ascii.toString());
    }

    private static String likeness(char character) {
        String known = LIKENESSES.get(character);
        if (known != null) {
            return known;
        }
        // An accented letter is its letter.
        char base = Normalizer.normalize(String.valueOf(character), Normalizer.Form.NFD)
                .charAt(0);
        return base < 128 ? String.valueOf(base) : "?";
    }
}
