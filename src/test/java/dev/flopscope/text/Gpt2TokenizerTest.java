package dev.flopscope.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Gpt2TokenizerTest {
    private final Gpt2Tokenizer tokenizer = new Gpt2Tokenizer();

    @Test
    void helloWorldHasItsKnownIds() {
        assertThat(tokenizer.encode("Hello world")).containsExactly(15496, 995);
        assertThat(tokenizer.decode(15496)).isEqualTo("Hello");
        assertThat(tokenizer.decode(995)).isEqualTo(" world");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "The quick brown fox.", "2·B·T·D", "tabs\tand\n\nlines", "naïve café"})
    void textSurvivesTheRoundTrip(String text) {
        String back = Arrays.stream(tokenizer.encode(text))
                .mapToObj(tokenizer::decode)
                .collect(Collectors.joining());

        assertThat(back).isEqualTo(text);
    }

    @Test
    void specialTokenInTextIsPlainText() {
        assertThat(tokenizer.encode("<|endoftext|>")).hasSizeGreaterThan(1).doesNotContain(50256);
    }

    @Test
    void idOfHalfACharacterBecomesTheReplacementCharacter() {
        int[] ids = tokenizer.encode("𐍈");

        assertThat(ids).hasSizeGreaterThan(1);
        assertThat(tokenizer.decode(ids[0])).contains("\uFFFD");
    }
}
