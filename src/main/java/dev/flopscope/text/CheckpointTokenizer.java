package dev.flopscope.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The tokenizer that a checkpoint brings along in {@code tokenizer.json}, read by Hugging Face's own library. Special tokens that
 * its post-processor puts around a text, such as the one that begins it, are put there; in what is decoded they are left out.
 */
public final class CheckpointTokenizer implements Tokenizer {
    /** A token of most vocabularies has fewer characters, so that this many make more tokens than are asked for. */
    private static final long CHARACTERS_PER_TOKEN = 128;

    private final HuggingFaceTokenizer tokenizer;

    private CheckpointTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Reads a tokenizer.
     *
     * @param file {@code tokenizer.json}
     * @throws IOException if it cannot be read, or is no tokenizer
     * @throws NoClassDefFoundError if the library, which is optional, is not there
     */
    public static CheckpointTokenizer read(Path file) throws IOException {
        // The library would look for newer versions of itself, and tell its authors when it runs on their cloud.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        try {
            return new CheckpointTokenizer(HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optTruncation(false)
                    .optPadding(false)
                    .build());
        } catch (RuntimeException e) {
            // What is not well formed arrives as the library's own exception.
            throw new IOException("is no tokenizer: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<int[]> encode(String text, int most) {
        int enough = (int) Math.min(text.length(), CHARACTERS_PER_TOKEN * (most + 1L));
        int[] ids = ids(text.substring(0, enough));
        if (ids.length <= most && enough < text.length()) {
            ids = ids(text);
        }
        return ids.length > most ? Optional.empty() : Optional.of(ids);
    }

    private int[] ids(String text) {
        return Arrays.stream(tokenizer.encode(text).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    @Override
    public String decode(List<Integer> ids) {
        return tokenizer.decode(ids.stream().mapToLong(Integer::longValue).toArray(), true);
    }
}
