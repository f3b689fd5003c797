package dev.flopscope.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Gpt2TokenizerTest {
    private final Gpt2Tokenizer tokenizer = new Gpt2Tokenizer();

    @Test
    void helloWorldHasItsKnownIds() {
        assertThat(encode("Hello world")).containsExactly(15496, 995);
        assertThat(tokenizer.decode(List.of(15496))).isEqualTo("Hello");
        assertThat(tokenizer.decode(List.of(995))).isEqualTo(" world");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "The quick brown fox.", "2·B·T·D", "tabs\tand\n\nlines", "naïve café"})
    void textSurvivesTheRoundTrip(String text) {
        String back = Arrays.stream(encode(text))
                .mapToObj(id -> tokenizer.decode(List.of(id)))
                .collect(Collectors.joining());

        assertThat(back).isEqualTo(text);
    }

    @Test
    void specialTokenInTextIsPlainText() {
        assertThat(encode("<|endoftext|>")).hasSizeGreaterThan(1).doesNotContain(50256);
    }

    @Test
    void idOfHalfACharacterBecomesTheReplacementCharacter() {
        int[] ids = encode("𐍈");

        assertThat(ids).hasSizeGreaterThan(1);
        assertThat(tokenizer.decode(List.of(ids[0]))).contains("\uFFFD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"word ", "a", " ", "é", "漢", "𐍈𐍈"})
    void textOfMoreTokensThanAreAskedForHasNone(String part) {
        String text = part.repeat(3_000);
        int tokens = encode(text).length;
        assertThat(tokenizer.encode(text, tokens)).isPresent();
        for (int most : new int[] {1, 2, 16, tokens - 1}) {
            assertThat(tokenizer.encode(text, most)).as("%d", most).isEmpty();
        }
    }

    private int[] encode(String text) {
        return tokenizer.encode(text, 100_000).orElseThrow();
    }
}
