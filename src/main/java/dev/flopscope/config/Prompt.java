package dev.flopscope.config;

import dev.flopscope.text.Tokenizer;
import java.util.List;
import java.util.Optional;

/** What a pass reads. */
public sealed interface Prompt {

    /** B·T pseudo-random ids that the seed decides. */
    record Seeded() implements Prompt {}

    /**
     * Ids given as they are; every sequence of the batch gets the same.
     *
     * @param ids the ids
     * @param source where they came from, for error messages: {@code --tokens} or a file
     */
    record Ids(List<Long> ids, String source) implements Prompt {
        /** Keeps a copy. */
        public Ids {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Text for a tokenizer; every sequence of the batch gets the same.
     *
     * @param text the text
     * @param source where it came from, for error messages
     * @param tokenizer what makes ids of it, once that is known: it can take half a second to read one
     */
    record Text(String text, String source, Optional<Tokenizer> tokenizer) implements Prompt {
        /** Text whose tokenizer is still to be found. */
        public Text(String text, String source) {
            this(text, source, Optional.empty());
        }
    }
}
