package dev.flopscope.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A result laid out for a browser.
 *
 * @param title its heading
 * @param parts what follows, top to bottom
 * @param figures what the charts are drawn from; null if there are none
 */
public record Page(String title, List<Part> parts, @Nullable ObjectNode figures) {
    /**
     * Keeps a copy.
     *
     * @throws IllegalArgumentException if there are charts and nothing to draw them from
     */
    public Page {
        parts = List.copyOf(parts);
        if (figures == null && parts.stream().anyMatch(Chart.class::isInstance)) {
            throw new IllegalArgumentException("charts need figures: " + title);
        }
    }

    /** What people see elsewhere, as it is. */
    public static Page of(Document document) {
        return new Page(
                document.title(),
                document.blocks().stream().map(block -> (Part) new Plain(block)).toList(),
                null);
    }

    /** One part of a page. */
    public sealed interface Part permits Heading, Plain, Notice, Tiles, Ranking, Folded, Chart {}

    /** Begins a section. */
    public record Heading(String text) implements Part {}

    /** As in any other format. */
    public record Plain(Block block) implements Part {}

    /** What must be known before the rest is believed. */
    public record Notice(List<String> lines) implements Part {
        /** Keeps a copy. */
        public Notice {
            lines = List.copyOf(lines);
        }
    }

    /** The few figures to see first. */
    public record Tiles(List<Fact> facts) implements Part {
        /** Keeps a copy. */
        public Tiles {
            facts = List.copyOf(facts);
        }
    }

    /** A table that a reader can sort. */
    public record Ranking(Table table) implements Part {}

    /** A table that a reader unfolds; in print it is open. */
    public record Folded(Table table) implements Part {}

    /**
     * A chart.
     *
     * @param name which one of those that the page's script draws
     * @param heading what it shows
     * @param description the same in words, and where its numbers are, for whoever does not see it
     */
    public record Chart(String name, String heading, String description) implements Part {}
}
