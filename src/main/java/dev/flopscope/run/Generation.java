package dev.flopscope.run;

import dev.flopscope.config.Decoding;
import java.util.List;
import java.util.Optional;

/**
 * A prompt that was continued.
 *
 * @param measurement of the prompt, and of what was decoded, if anything was
 * @param decoding how tokens were chosen
 * @param ids the tokens that were decoded
 * @param text what they say, if there is a tokenizer
 * @param stop why there are no more
 */
public record Generation(
        Measurement measurement, Decoding decoding, List<Integer> ids, Optional<String> text, Stop stop) {
    /** Keeps a copy. */
    public Generation {
        ids = List.copyOf(ids);
    }

    /** Why a text ends. */
    public enum Stop {
        /** A token that ends texts came next. */
        END("end", "a token that ends a text came next"),
        /** As many tokens as were asked for are there. */
        LENGTH("length", "as many tokens as were asked for"),
        /** The model's context is full. */
        CONTEXT("context", "the model's context is full");

        private final String label;
        private final String words;

        Stop(String label, String words) {
            this.label = label;
            this.words = words;
        }

        /** The name in JSON. */
        public String label() {
            return label;
        }

        /** The reason in words. */
        public String words() {
            return words;
        }
    }
}
