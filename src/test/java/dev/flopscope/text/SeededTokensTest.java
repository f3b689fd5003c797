package dev.flopscope.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SeededTokensTest {
    @Test
    void seedDecidesTheIds() {
        assertThat(SeededTokens.generate(100, 50_257, 7))
                .isEqualTo(SeededTokens.generate(100, 50_257, 7))
                .isNotEqualTo(SeededTokens.generate(100, 50_257, 8));
    }

    @Test
    void idsReachFromZeroToTheLastOfTheVocabulary() {
        int[] ids = SeededTokens.generate(1000, 3, 0);

        assertThat(ids).hasSize(1000);
        assertThat(Arrays.stream(ids).boxed()).contains(0, 1, 2).containsOnly(0, 1, 2);
    }
}
