package dev.flopscope.cli;

import dev.flopscope.document.Document.Tone;
import picocli.CommandLine.Help.Ansi;

/** Colours of verdicts in a terminal; none where output is piped, or {@code NO_COLOR} is set. */
final class Colours {
    private Colours() {}

    /** {@code text} in the colour of {@code tone}. */
    static String paint(Tone tone, String text) {
        String style = switch (tone) {
            case GOOD -> "bold,green";
            case BAD -> "bold,red";
            case DOUBT -> "bold,yellow";
        };
        Ansi.IStyle[] styles = Ansi.Style.parse(style);
        return Ansi.AUTO.enabled() ? Ansi.Style.on(styles) + text + Ansi.Style.off(styles) : text;
    }
}
