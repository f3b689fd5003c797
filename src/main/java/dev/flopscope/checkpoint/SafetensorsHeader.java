package dev.flopscope.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.flopscope.config.BadDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file, read by every rule of the format's reference reader: UTF-8, a JSON object whose names differ,
 * known types, and bytes of tensors that lie one after the other, from the end of the header to the end of the file, as many as
 * shape and type need.
 */
final class SafetensorsHeader {
    /** The reference reader's limit. */
    static final long LONGEST = 100_000_000;

    private static final String METADATA = "__metadata__";
    /** The object, a tensor's, and the list of its extents. */
    private static final int DEEPEST = 3;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();

    private final String file;
    private final JsonParser json;

    private SafetensorsHeader(String file, JsonParser json) {
        this.file = file;
        this.json = json;
    }

    /**
     * Reads a header.
     *
     * @param file what messages call the file
     * @param header its bytes, without their length before them
     * @param dataBytes bytes of the file after the header
     * @return its tensors in the order of their bytes
     * @throws BadDataException if it breaks a rule
     */
    static List<TensorEntry> read(String file, ByteBuffer header, long dataBytes) {
        String text = text(file, header);
        if (!text.startsWith("{")) {
            throw new BadDataException(file, "the header must begin with {");
        }
        try (JsonParser json = JSON.createParser(text)) {
            List<TensorEntry> tensors = new SafetensorsHeader(file, json).tensors();
            tensors.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
            requireWhole(file, tensors, dataBytes);
            return tensors;
        } catch (JsonProcessingException e) {
            throw new BadDataException(file, "the header is not JSON as it must be: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new BadDataException(file, "the header cannot be read: " + e.getMessage(), e);
        }
    }

    private static String text(String file, ByteBuffer header) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(header).toString();
        } catch (CharacterCodingException e) {
            throw new BadDataException(file, "the header is not UTF-8 text", e);
        }
    }

    private static void requireWhole(String file, List<TensorEntry> tensors, long dataBytes) {
        long end = 0;
        for (TensorEntry tensor : tensors) {
            if (tensor.begin() != end) {
                throw new BadDataException(
                        file,
                        "tensor " + tensor.name() + " begins at byte " + tensor.begin()
                                + " of the data, where the one before it ends at " + end);
            }
            end = tensor.end();
        }
        if (end != dataBytes) {
            throw new BadDataException(
                    file, "the tensors end at byte " + end + " of the data, which has " + dataBytes + " bytes");
        }
    }

    private List<TensorEntry> tensors() throws IOException {
        List<TensorEntry> tensors = new ArrayList<>();
        require(JsonToken.START_OBJECT, "the header", json.nextToken());
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            require(JsonToken.START_OBJECT, name, json.nextToken());
            if (name.equals(METADATA)) {
                skipMetadata();
            } else {
                tensors.add(tensor(name));
            }
        }
        if (json.nextToken() != null) {
            throw new BadDataException(file, "something follows the header's object");
        }
        return tensors;
    }

    /** What makers say of a file: a name and a text each. */
    private void skipMetadata() throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            require(JsonToken.VALUE_STRING, METADATA + "." + json.currentName(), json.nextToken());
        }
    }

    private TensorEntry tensor(String name) throws IOException {
        @Nullable ElementType type = null;
        @Nullable List<Long> shape = null;
        List<Long> offsets = List.of();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "dtype" -> {
                    require(JsonToken.VALUE_STRING, name + ".dtype", value);
                    type = type(name, json.getText());
                }
                case "shape" -> shape = numbers(name + ".shape", value);
                case "data_offsets" -> offsets = numbers(name + ".data_offsets", value);
                default -> json.skipChildren();
            }
        }
        if (type == null || shape == null || offsets.size() != 2) {
            throw new BadDataException(
                    file, "tensor " + name + " must have a dtype, a shape and two data_offsets, and does not");
        }
        TensorEntry entry = new TensorEntry(name, type, shape, offsets.get(0), offsets.get(1));
        requireSpan(entry);
        return entry;
    }

    private ElementType type(String name, String type) {
        return ElementType.of(type)
                .orElseThrow(
                        () -> new BadDataException(file, "tensor " + name + " has an unknown dtype: dtype=" + type));
    }

    private List<Long> numbers(String what, JsonToken value) throws IOException {
        require(JsonToken.START_ARRAY, what, value);
        List<Long> numbers = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(JsonToken.VALUE_NUMBER_INT, what, json.currentToken());
            long number = json.getLongValue();
            if (number < 0) {
                throw new BadDataException(file, what + " must not be negative: " + number);
            }
            numbers.add(number);
        }
        return numbers;
    }

    private void requireSpan(TensorEntry tensor) {
        try {
            long bits = tensor.type().bits();
            for (long extent : tensor.shape()) {
                bits = Math.multiplyExact(bits, extent);
            }
            if (bits % Byte.SIZE == 0 && Math.subtractExact(tensor.end(), tensor.begin()) == bits / Byte.SIZE) {
                return;
            }
        } catch (ArithmeticException e) {
            // More than a file can have, and so not what the offsets say.
        }
        throw new BadDataException(
                file,
                "tensor " + tensor.name() + " has the bytes from " + tensor.begin() + " to " + tensor.end()
                        + ", which its shape " + tensor.shape() + " of " + tensor.type() + " does not take");
    }

    private void require(JsonToken expected, String what, @Nullable JsonToken found) {
        if (found != expected) {
            throw new BadDataException(
                    file,
                    what + " is not of the kind that it must be: "
                            + expected.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
    }
}
