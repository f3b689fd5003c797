package dev.flopscope.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hugging Face's library on a tokenizer that was written by hand: ids 0 and 1 begin and end a text, 2 + b is the byte b, and from
 * 258 on come nine merges, the fourth of which makes "hello" and the last " world".
 */
final class CheckpointTokenizerTest {
    private static final Path BYTES = Path.of("src/test/resources/tokenizers/bytes.json");
    private static final int HELLO = 258 + 3;
    private static final int WORLD = 258 + 8;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aTextBeginsWithTheTokenThatItsTokenizerPutsThere() throws IOException {
        CheckpointTokenizer tokenizer = CheckpointTokenizer.read(BYTES);
        assertThat(tokenizer.encode("hello world!", 10)).hasValue(new int[] {0, HELLO, WORLD, 2 + '!'});
        assertThat(tokenizer.decode(List.of(0, HELLO, WORLD, 2 + '!', 1))).isEqualTo("hello world!");
    }

    @Test
    void bytesOfOneCharacterMakeItTogether() throws IOException {
        CheckpointTokenizer tokenizer = CheckpointTokenizer.read(BYTES);
        assertThat(tokenizer.encode("é", 10)).hasValue(new int[] {0, 2 + 0xc3, 2 + 0xa9});
        assertThat(tokenizer.decode(List.of(2 + 0xc3, 2 + 0xa9))).isEqualTo("é");
        assertThat(tokenizer.decode(List.of(2 + 0xc3))).isEqualTo("\uFFFD");
    }

    @Test
    void moreTokensThanAreWantedAreNone() throws IOException {
        CheckpointTokenizer tokenizer = CheckpointTokenizer.read(BYTES);
        assertThat(tokenizer.encode("hello world!", 3)).isEmpty();
        assertThat(tokenizer.encode("x".repeat(5_000_000), 3)).isEmpty();
        // Two tokens of a text that is longer than what is looked at first, and is looked at whole then.
        assertThat(tokenizer.encode("x".repeat(700), 701))
                .map(ids -> ids.length)
                .hasValue(701);
    }

    @Test
    void whatIsNoTokenizerIsSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\":{\"type\":\"Oracle\"}}");
        assertThatThrownBy(() -> CheckpointTokenizer.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("is no tokenizer: ");
    }
}
