package dev.flopscope.text;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingResult;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** GPT-2's byte-pair encoding of 50,257 tokens ({@code r50k_base}). */
public final class Gpt2Tokenizer {
    /** Bytes of the longest token of the vocabulary. */
    private static final long LONGEST_TOKEN = 128;

    private final Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);

    /**
     * The ids of {@code text}; special tokens in it are encoded as plain text.
     *
     * @param most how many there may be; what follows them is not looked at, so that it takes no time
     * @return the ids; none if there are more
     */
    public Optional<int[]> encode(String text, int most) {
        // A character has a byte at least, so that this many make more tokens than are asked for.
        int enough = (int) Math.min(text.length(), LONGEST_TOKEN * (most + 1L));
        EncodingResult result = encoding.encodeOrdinary(text.substring(0, enough), most);
        return result.isTruncated()
                ? Optional.empty()
                : Optional.of(result.getTokens().toArray());
    }

    /** The text of one id; bytes that are no whole character become U+FFFD. */
    public String decode(int id) {
        return decode(List.of(id));
    }

    /** The text of ids in a row, whose bytes may make characters together; those that do not become U+FFFD. */
    public String decode(List<Integer> ids) {
        IntArrayList list = new IntArrayList(ids.size());
        ids.forEach(list::add);
        return new String(encoding.decodeBytes(list), StandardCharsets.UTF_8);
    }
}
