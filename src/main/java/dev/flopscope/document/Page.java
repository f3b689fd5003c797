package dev.flopscope.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.document.Document.Block;
import dev.flopscope.document.Document.Fact;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A result laid out for a browser.
 *
 * @param title its heading
 * @param byline where, by what and when it came about; empty if that is not known
 * @param parts what follows, top to bottom
 * @param figures what the charts are drawn from; null if there are none
 */
public record Page(
        String title,
        String byline,
        List<Part> parts,
        @Nullable ObjectNode figures) {
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

    /** What people see elsewhere, with {@code charts} before its first table. */
    public static Page of(Document document, String byline, List<Chart> charts, ObjectNode figures) {
        List<Part> parts = new ArrayList<>();
        document.blocks().forEach(block -> parts.add(new Plain(block)));
        int firstTable = (int) document.blocks().stream()
                .takeWhile(block -> !(block instanceof Table))
                .count();
        parts.addAll(firstTable, charts);
        return new Page(document.title(), byline, parts, charts.isEmpty() ? null : figures);
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
