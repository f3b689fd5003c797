package dev.flopscope.text;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** GPT-2's byte-pair encoding of 50,257 tokens ({@code r50k_base}). */
public final class Gpt2Tokenizer {
    private final Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);

    /** The ids of {@code text}; special tokens in it are encoded as plain text. */
    public int[] encode(String text) {
        return encoding.encodeOrdinary(text).toArray();
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
