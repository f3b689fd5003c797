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
public final class Gpt2Tokenizer implements Tokenizer {
    /** Bytes of the longest token of the vocabulary. */
    private static final long LONGEST_TOKEN = 128;

    private final Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);

    /** Special tokens in {@code text} are encoded as plain text. What follows {@code most} tokens takes no time. */
    @Override
    public Optional<int[]> encode(String text, int most) {
        // A character has a byte at least, so that this many make more tokens than are asked for.
        int enough = (int) Math.min(text.length(), LONGEST_TOKEN * (most + 1L));
        EncodingResult result = encoding.encodeOrdinary(text.substring(0, enough), most);
        return result.isTruncated()
                ? Optional.empty()
                : Optional.of(result.getTokens().toArray());
    }

    @Override
    public String decode(List<Integer> ids) {
        IntArrayList list = new IntArrayList(ids.size());
        ids.forEach(list::add);
        return new String(encoding.decodeBytes(list), StandardCharsets.UTF_8);
    }
}
