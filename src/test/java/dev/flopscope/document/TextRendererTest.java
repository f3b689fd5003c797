package dev.flopscope.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.document.Document.Paragraph;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextRendererTest {
    /** A table of words and, under headers that begin with a number sign, numbers. */
    static Table table(String caption, List<String> headers, List<List<String>> rows) {
        List<Column<List<String>>> columns = IntStream.range(0, headers.size())
                .mapToObj(index -> new Column<List<String>>(
                        headers.get(index),
                        headers.get(index).replace("#", ""),
                        headers.get(index).startsWith("#") ? Unit.NUMERAL : Unit.WORDS,
                        row -> row.get(index)))
                .toList();
        return Table.of(caption, columns, rows);
    }

    private static String rendered(Table table) {
        return new TextRenderer().render(new Document("Title", List.of(table)));
    }

    @Test
    void wordsStandAtTheLeftAndNumbersAtTheRight() {
        Table table = table(
                "Caption",
                List.of("part", "#ms", "note"),
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
        Table table = table(
                "Counted against expected",
                List.of("product", "#calls", "m×k×n of one", "#FLOPs counted", "#FLOPs expected"),
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
                "Title", List.of(new Paragraph(words), table(words, List.of("part"), List.of(List.of("one")))));
        String text = new TextRenderer().render(document);
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(text.replaceAll("\\s+", " ")).contains(words + " " + words + " part");
    }
}
