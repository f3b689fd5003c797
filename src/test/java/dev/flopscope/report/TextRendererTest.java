package dev.flopscope.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Paragraph;
import dev.flopscope.report.Document.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextRendererTest {
    private static String rendered(Table table) {
        return new TextRenderer().render(new Document("Title", List.of(table)));
    }

    @Test
    void wordsStandAtTheLeftAndNumbersAtTheRight() {
        Table table = new Table(
                "Caption",
                List.of(Column.text("part"), Column.number("ms"), Column.text("note")),
                List.of(List.of("one", "1.0", "a"), List.of("  other", "10.0", "")));
        assertThat(rendered(table)).isEqualTo("""
                Title
                ═════

                Caption
                 part       ms  note
                ─────────────────────
                 one       1.0  a
                   other  10.0
                """);
    }

    /** The widest cells of GPT-2 XL at 16,384 tokens, counted against expected. */
    @Test
    void aTableThatIsTooWideGetsNarrowerGaps() {
        Table table = new Table(
                "Counted against expected",
                List.of(
                        Column.text("product"),
                        Column.number("calls"),
                        Column.text("m×k×n of one"),
                        Column.number("FLOPs counted"),
                        Column.number("FLOPs expected")),
                List.of(List.of(
                        "attn_scores!",
                        "4,915,200",
                        "16384×1600×50257",
                        "149,522,795,724,800",
                        "149,522,795,724,800")));
        assertThat(rendered(table).lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(rendered(table)).contains("16384×1600×50257 149,522,795,724,800");
    }

    @Test
    void captionsAndProseAreBrokenBetweenWords() {
        String words = "word ".repeat(40).strip();
        Document document = new Document(
                "Title",
                List.of(new Paragraph(words), new Table(words, List.of(Column.text("part")), List.of(List.of("one")))));
        String text = new TextRenderer().render(document);
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(text.replaceAll("\\s+", " ")).contains(words + " " + words + " part");
    }
}
