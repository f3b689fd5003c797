package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.cli.InProcess.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A prompt is cut into chunks by its own length, however long it might have been. */
final class PromptChunksTest {
    @TempDir
    private Path folder = Path.of("");

    private static void requireChunks(String chunks, Outcome outcome) {
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().replaceAll("\\s+", " ")).contains(chunks);
    }

    @Test
    void fiveTokensInChunksOfTwoAreThreeChunksWhateverTheContext() {
        requireChunks(
                "in 3 chunks of 2 tokens",
                InProcess.in(folder).run("run TINY --tokens 1,2,3,4,5 --chunk 2 --context 2000000000"));
    }

    @Test
    void textIsCutByItsTokens() {
        requireChunks(
                "in 2 chunks of 1 token",
                InProcess.in(folder).reading("Hello world").run("run TINY --text - --chunk 1 --context 2000000000"));
    }

    @Test
    void aModelWithALongContextReadsAShortPromptInChunks() throws Exception {
        Files.writeString(folder.resolve("model.json"), """
                {"vocab_size": 50, "context_length": 2000000000, "d_model": 16, "d_ff": 8, "num_layers": 1,
                 "num_heads": 2}""");

        requireChunks("in 2 chunks of 2 tokens", InProcess.in(folder).run("run ./model.json --tokens 1,2,3 --chunk 2"));
    }
}
