package dev.flopscope.document;

import dev.flopscope.text.Printable;
import java.util.List;

/**
 * A result laid out for people, before it is known whether a terminal, a Markdown page or a browser shows it. Its words may
 * be from outside, as the name of a model is; what enters a document is made fit to show.
 *
 * @param title its heading
 * @param blocks what follows, top to bottom
 */
public record Document(String title, List<Block> blocks) {
    /** Keeps a copy. */
    public Document {
        title = Printable.line(title);
        blocks = List.copyOf(blocks);
    }

    /** One part of a document. */
    public sealed interface Block permits Paragraph, Verdict, Facts, Table {}

    /** Prose, wrapped by whoever shows it. */
    public record Paragraph(String text) implements Block {
        /** Makes the words fit to show. */
        public Paragraph {
            text = Printable.line(text);
        }
    }

    /** A paragraph for each of {@code texts}. */
    public static List<Block> paragraphs(List<String> texts) {
        return texts.stream().<Block>map(Paragraph::new).toList();
    }

    /** What a verdict says of the result, which decides its colour. */
    public enum Tone {
        /** It is as it should be. */
        GOOD,
        /** It is not as it should be. */
        BAD,
        /** It cannot be told, or it must be read with care. */
        DOUBT
    }

    /** A sentence that decides something: whether counts agree, what is faster, what must not be believed. */
    public record Verdict(Tone tone, String text) implements Block {
        /** Makes the words fit to show. */
        public Verdict {
            text = Printable.line(text);
        }
    }

    /** A verdict of {@code tone} for each of {@code texts}. */
    public static List<Block> verdicts(Tone tone, List<String> texts) {
        return texts.stream().<Block>map(text -> new Verdict(tone, text)).toList();
    }

    /** Labels and values, one pair a line. */
    public record Facts(List<Fact> facts) implements Block {
        /** Keeps a copy. */
        public Facts {
            facts = List.copyOf(facts);
        }
    }

    /** One pair. */
    public record Fact(String label, String value) {
        /** Makes the words fit to show. */
        public Fact {
            label = Printable.line(label);
            value = Printable.line(value);
        }
    }
}
