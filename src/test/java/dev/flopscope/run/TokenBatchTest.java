package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.TestModels;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBatchTest {
    private static final ModelConfig TINY = TestModels.swiglu("tiny", 100, 1, 8, 2, 16);

    @Test
    void everySequenceOfTheBatchGetsTheIds() {
        TokenBatch tokens = TokenBatch.of(spec(2, OptionalInt.empty(), ids(List.of(5L, 0L, 99L))));

        assertThat(tokens.context()).isEqualTo(3);
        assertThat(tokens.ids()).containsExactly(5, 0, 99, 5, 0, 99);
    }

    @Test
    void textBecomesTheIdsOfTheTokenizer() {
        ModelConfig gpt2 = TestModels.swiglu("gpt2", 50_257, 1, 8, 2, 16);
        RunSpec spec = TestModels.run(
                gpt2, 1, OptionalInt.empty(), WeightsMode.FULL, new Prompt.Text("Hello world", "--prompt"));

        assertThat(TokenBatch.of(spec).ids()).containsExactly(15496, 995);
    }

    @Test
    void seededIdsFillBatchAndContext() {
        TokenBatch tokens = TokenBatch.of(spec(3, OptionalInt.of(5), new Prompt.Seeded()));

        assertThat(tokens.context()).isEqualTo(5);
        assertThat(tokens.ids()).hasSize(15);
        assertThat(Arrays.stream(tokens.ids())).allMatch(id -> id >= 0 && id < 100);
    }

    @Test
    void withoutContextSeededIdsFillTheModels() {
        assertThat(TokenBatch.of(spec(1, OptionalInt.empty(), new Prompt.Seeded()))
                        .context())
                .isEqualTo(1024);
    }

    @Test
    void emptyPromptIsRefused() {
        assertRefused(OptionalInt.empty(), List.of(), "--tokens: has no tokens");
    }

    @Test
    void promptLongerThanTheContextIsRefused() {
        List<Long> ids = Collections.nCopies(1025, 1L);

        assertRefused(
                OptionalInt.empty(),
                ids,
                "--tokens: has more than the context of 1,024 tokens; --context can raise it");
        assertThat(TokenBatch.of(spec(1, OptionalInt.of(1025), ids(ids))).context())
                .isEqualTo(1025);
    }

    @ParameterizedTest
    @ValueSource(longs = {100, -1, 4294967296L, Long.MIN_VALUE})
    void idOutsideTheVocabularyIsRefused(long id) {
        assertRefused(
                OptionalInt.empty(),
                List.of(1L, id),
                "--tokens: token id " + id + " is not in tiny's vocabulary: vocab_size=100");
    }

    private static void assertRefused(OptionalInt context, List<Long> ids, String message) {
        RunSpec spec = spec(1, context, ids(ids));
        assertThatThrownBy(() -> TokenBatch.of(spec))
                .isInstanceOf(BadDataException.class)
                .hasMessage(message);
    }

    private static Prompt.Ids ids(List<Long> ids) {
        return new Prompt.Ids(ids, "--tokens");
    }

    private static RunSpec spec(int batch, OptionalInt context, Prompt prompt) {
        return TestModels.run(TINY, batch, context, WeightsMode.FULL, prompt);
    }
}
