package dev.flopscope.cli;

import dev.flopscope.text.Printable;
import java.io.PrintWriter;

/** Prints a text as it grows. Bytes that are no whole character yet wait for those that follow. */
final class TextStream {
    private static final char INCOMPLETE = '\uFFFD';

    private final PrintWriter out;
    private String printed = "";

    TextStream(PrintWriter out) {
        this.out = out;
    }

    /** Prints what {@code text}, all of it so far, has more than what was printed. */
    void grow(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == INCOMPLETE) {
            end--;
        }
        print(text.substring(0, end));
    }

    /** Prints the rest of {@code text}, which is complete, and ends the line. */
    void end(String text) {
        print(text);
        out.println();
    }

    private void print(String text) {
        if (text.startsWith(printed)) {
            // What a model says may hold what a terminal obeys.
            out.print(Printable.lines(text.substring(printed.length())));
            out.flush();
            printed = text;
        }
    }
}
