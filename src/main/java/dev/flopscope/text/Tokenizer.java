package dev.flopscope.text;

import java.util.List;
import java.util.Optional;

/** Text to token ids and back. */
public interface Tokenizer {
    /**
     * The ids of {@code text}.
     *
     * @param most how many there may be
     * @return the ids; none if there are more
     */
    Optional<int[]> encode(String text, int most);

    /** The text of ids in a row, whose bytes may make characters together; those that do not become U+FFFD. */
    String decode(List<Integer> ids);
}
