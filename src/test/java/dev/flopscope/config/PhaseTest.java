package dev.flopscope.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhaseTest {
    /** Every new token is in one chunk, in its place, and every chunk but the last is as large as it was asked to be. */
    @Test
    void chunksCoverEveryNewTokenOnceInOrder() {
        for (int past = 0; past <= 3; past++) {
            for (int tokens = 1; tokens <= 9; tokens++) {
                for (int queries = 1; queries <= tokens; queries++) {
                    Phase phase = new Phase(Phase.Name.PREFILL, 2, past, tokens, queries, LogitsRows.LAST);
                    List<Integer> positions = new ArrayList<>();
                    List<Chunk> chunks = phase.chunks().toList();
                    for (Chunk chunk : chunks) {
                        assertThat(chunk.batch()).isEqualTo(2);
                        assertThat(chunk.past()).isEqualTo(past + positions.size());
                        for (int query = 0; query < chunk.queries(); query++) {
                            positions.add(chunk.past() + query);
                        }
                        assertThat(chunk.end()).isEqualTo(past + positions.size());
                    }
                    assertThat(positions).hasSize(tokens);
                    assertThat(chunks).hasSize(phase.steps());
                    assertThat(chunks.subList(0, chunks.size() - 1))
                            .extracting(Chunk::queries)
                            .allMatch(number -> number == phase.queries());
                    assertThat(phase.end()).isEqualTo(past + tokens);
                    assertThat(phase.chunk(phase.steps() - 1)).isEqualTo(chunks.get(chunks.size() - 1));
                }
            }
        }
    }

    @Test
    void aPromptIsOneChunkUnlessItIsCut() {
        assertThat(Phase.prefill(3, 7).chunks()).containsExactly(new Chunk(3, 7, 0));
        assertThat(Phase.prefill(3, 7, 100, LogitsRows.LAST))
                .isEqualTo(new Phase(Phase.Name.PREFILL, 3, 0, 7, 7, LogitsRows.LAST));
        assertThat(Phase.prefill(1, 7, 3, LogitsRows.ALL).chunks())
                .containsExactly(new Chunk(1, 3, 0), new Chunk(1, 3, 3), new Chunk(1, 1, 6));
    }

    @Test
    void decodedTokensComeOneByOne() {
        Phase phase = Phase.decode(2, 5, 3);

        assertThat(phase.chunks()).containsExactly(new Chunk(2, 1, 5), new Chunk(2, 1, 6), new Chunk(2, 1, 7));
        assertThat(phase.logits()).isEqualTo(LogitsRows.ALL);
        assertThat(phase.name().label()).isEqualTo("decode");
    }

    @Test
    void logitsOfTheLastTokenAreThoseOfTheLastChunk() {
        Phase last = Phase.prefill(1, 7, 3, LogitsRows.LAST);
        assertThat(last.hasLogits(0)).isFalse();
        assertThat(last.hasLogits(1)).isFalse();
        assertThat(last.hasLogits(2)).isTrue();
        Phase all = Phase.prefill(1, 7, 3, LogitsRows.ALL);
        assertThat(all.hasLogits(0)).isTrue();
        assertThat(all.hasLogits(2)).isTrue();
    }

    @Test
    void extentsThatMakeNoPhaseAreRefused() {
        assertThatThrownBy(() -> Phase.prefill(1, 5, 0, LogitsRows.ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a chunk must have from 1 to 5 tokens: queries=0");
        assertThatThrownBy(() -> new Phase(Phase.Name.PREFILL, 1, 0, 5, 6, LogitsRows.ALL))
                .hasMessage("a chunk must have from 1 to 5 tokens: queries=6");
        assertThatThrownBy(() -> Phase.decode(1, 5, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such chunk: batch=1, queries=0, past=5");
        assertThatThrownBy(() -> Phase.decode(0, 5, 1)).hasMessage("no such chunk: batch=0, queries=1, past=5");
        assertThatThrownBy(() -> new Chunk(1, 1, -1)).hasMessage("no such chunk: batch=1, queries=1, past=-1");
        assertThatThrownBy(() -> Phase.decode(1, Integer.MAX_VALUE, 1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new Chunk(1, Integer.MAX_VALUE, 1)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void chunksThatCannotBeListedAreRefused() {
        assertThat(Phase.decode(1, 1, Phase.MOST_STEPS).steps()).isEqualTo(Phase.MOST_STEPS);
        assertThatThrownBy(() -> Phase.decode(1, 1, Phase.MOST_STEPS + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there must be at most 1048576 chunks: tokens=1048577, queries=1");
        assertThat(Phase.prefill(1, 2 * Phase.MOST_STEPS, 2, LogitsRows.ALL).steps())
                .isEqualTo(Phase.MOST_STEPS);
        assertThatThrownBy(() -> Phase.prefill(1, 2 * Phase.MOST_STEPS + 1, 2, LogitsRows.ALL))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rowsOfAChunkMayBeMoreThanAnIntCounts() {
        assertThat(new Chunk(1 << 20, 1 << 20, 0).rows()).isEqualTo(1L << 40);
    }
}
