package dev.flopscope.document;

import java.util.List;

/**
 * A result laid out for people, before it is known whether a terminal, a Markdown page or a browser shows it.
 *
 * @param title its heading
 * @param blocks what follows, top to bottom
 */
public record Document(String title, List<Block> blocks) {
    /** Keeps a copy. */
    public Document {
        blocks = List.copyOf(blocks);
    }

    /** One part of a document. */
    public sealed interface Block permits Paragraph, Verdict, Facts, Table {}

    /** Prose, wrapped by whoever shows it. */
    public record Paragraph(String text) implements Block {}

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
    public record Verdict(Tone tone, String text) implements Block {}

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
    public record Fact(String label, String value) {}
}
