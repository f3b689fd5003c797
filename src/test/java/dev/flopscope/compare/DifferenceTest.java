package dev.flopscope.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    @Test
    void whatIsLeftOutIsWhatItIsByDefault() {
        assertThat(Difference.between(Map.of(), Map.of("logits", "last", "chunk", "4")))
                .containsExactly(new Difference("chunk", "whole prompt", "4"), new Difference("logits", "all", "last"));
        assertThat(Difference.between(Map.of("logits", "all"), Map.of())).isEmpty();
    }

    @Test
    void whatHasNoDefaultIsNone() {
        assertThat(Difference.between(Map.of("seed", "1"), Map.of()))
                .containsExactly(new Difference("seed", "1", "none"));
    }
}
