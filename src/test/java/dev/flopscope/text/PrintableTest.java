package dev.flopscope.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "gpt2-small", "é漢字.json", "naïve — «×» 2⁶³−1", "𐍈", "a\\b", "  two  blanks "})
    void whatHasAPictureStaysAsItIs(String text) {
        assertThat(Printable.line(text)).isEqualTo(text);
        assertThat(Printable.message(text)).isEqualTo(text);
    }

    @Test
    void whatHasNoneIsWrittenAsJsonWritesIt() {
        assertThat(Printable.line("a\nb\r\tc")).isEqualTo("a\\nb\\r\\tc");
        assertThat(Printable.line("\u001b[31mred\u0000\u007f\u009b")).isEqualTo("\\u001b[31mred\\u0000\\u007f\\u009b");
        assertThat(Printable.line("a\u2028b\u202ec\u2066\ufeff")).isEqualTo("a\\u2028b\\u202ec\\u2066\\ufeff");
        assertThat(Printable.line("\ud800x\udc00")).isEqualTo("\\ud800x\\udc00");
        assertThat(Printable.line("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
    }

    @ParameterizedTest
    @CsvSource({"abcdefghij,10,abcdefghij", "abcdefghijk,10,abcdef…ijk", "abcdefghijklmnop,7,abcd…op"})
    void aLongTextKeepsItsBeginningAndItsEnd(String text, int most, String shortened) {
        assertThat(Printable.shortened(text, most)).isEqualTo(shortened);
    }

    @Test
    void noCharacterIsCutInHalf() {
        for (int most = 4; most < 20; most++) {
            String shortened = Printable.shortened("x" + "𐍈".repeat(50), most);
            assertThat(shortened.length()).isLessThanOrEqualTo(most);
            assertThat(shortened.replace("𐍈", "")).isEqualTo("x…");
        }
    }

    @Test
    void aMessageOfAnyLengthIsOneShortLine() {
        for (String part : new String[] {"x", "\u001b", "word ", "\n", "𐍈", "\ud800"}) {
            String message = Printable.message("cannot: " + part.repeat(1_000_000) + ": end");
            assertThat(message)
                    .startsWith("cannot: ")
                    .endsWith(": end")
                    .contains("…")
                    .hasSizeLessThanOrEqualTo(400);
            assertThat(message.chars()).noneMatch(Character::isISOControl);
        }
        assertThat(Printable.message("a " + "b".repeat(1_000) + " c " + "d".repeat(1_000) + " e"))
                .startsWith("a bbb")
                .contains("bb c dd")
                .endsWith("dd e");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"=1+1,'=1+1", "+a,'+a", "-a,'-a", "@a,'@a", "'=a,''=a", "'a,'a", "a=b,a=b", "gpt2-small,gpt2-small"
            })
    void aCellIsNoFormulaAndIsReadAsItWas(String text, String cell) {
        assertThat(Printable.cell(text)).isEqualTo(cell);
        assertThat(Printable.ofCell(cell)).isEqualTo(text);
    }
}
