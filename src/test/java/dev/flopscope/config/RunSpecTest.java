package dev.flopscope.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RunSpecTest {
    @Test
    void aRunIsAPromptAndWhatIsDecodedAfterIt() {
        assertThat(spec(OptionalInt.empty(), OptionalInt.empty()).phases(7))
                .containsExactly(new Phase(Phase.Name.PREFILL, 2, 0, 7, 7, LogitsRows.LAST));
        assertThat(spec(OptionalInt.of(3), OptionalInt.of(4)).phases(7))
                .containsExactly(new Phase(Phase.Name.PREFILL, 2, 0, 7, 3, LogitsRows.LAST), Phase.decode(2, 7, 4));
        assertThat(spec(OptionalInt.of(30), OptionalInt.empty())
                        .phases(7)
                        .get(0)
                        .queries())
                .isEqualTo(7);
    }

    @Test
    void aCacheIsNeededForWhateverComesAfterTheFirstChunk() {
        assertThat(spec(OptionalInt.empty(), OptionalInt.empty()).needsCache(7)).isFalse();
        assertThat(spec(OptionalInt.of(7), OptionalInt.empty()).needsCache(7)).isFalse();
        assertThat(spec(OptionalInt.of(8), OptionalInt.empty()).needsCache(7)).isFalse();
        assertThat(spec(OptionalInt.of(6), OptionalInt.empty()).needsCache(7)).isTrue();
        assertThat(spec(OptionalInt.empty(), OptionalInt.of(1)).needsCache(7)).isTrue();
    }

    private static RunSpec spec(OptionalInt chunk, OptionalInt decode) {
        return new RunSpec(
                SmallModels.PLAIN,
                2,
                OptionalInt.empty(),
                chunk,
                decode,
                LogitsRows.LAST,
                Attention.full(),
                new Prompt.Seeded(),
                WeightsMode.FULL,
                1,
                Engine.OPENBLAS,
                1);
    }

    @Test
    void aRunMayBeAsLongAsItsModelUnlessItSaysOtherwise() {
        assertThat(spec(OptionalInt.empty(), OptionalInt.empty()).longestContext())
                .isEqualTo(16);
    }
}
