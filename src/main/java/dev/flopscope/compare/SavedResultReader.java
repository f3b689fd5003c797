package dev.flopscope.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flopscope.compare.SavedResult.Decoded;
import dev.flopscope.config.BadDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of {@code run} and {@code profile}. Keys that a comparison does not need are not looked at. */
public final class SavedResultReader {
    private static final List<String> WORK = List.of("model", "batch", "context");
    private static final List<String> CIRCUMSTANCES =
            List.of("attention", "weights", "seed", "engine", "machine", "commit", "version");
    private static final String DECODED_TOKENS = Timed.DECODE + ".tokens";
    /** What differs from one run to the next without being a difference, or follows from what is listed. */
    private static final Set<String> LEFT_OUT =
            Set.of("machine.memory_available_bytes", "attention.flops", "attention.useful_flops");

    private static final String YARDSTICK = "yardstick_gflops_per_second_samples";

    private final ObjectMapper mapper = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * Reads one result.
     *
     * @param file where the text came from, for messages
     * @param text the JSON
     * @throws BadDataException if it is no JSON, or lacks or garbles what a comparison needs; names file, key and value
     */
    public SavedResult read(String file, String text) {
        JsonNode root = parse(file, text);
        if (!root.isObject() || !root.has("sites") || !root.has("seconds")) {
            throw new BadDataException(file, "is not the JSON of one run or profile (--format json)");
        }
        Fields fields = new Fields(file, "", "");
        Timed pass = new Timed(
                "pass",
                OptionalInt.empty(),
                OptionalLong.of(fields.count(fields.object(root, "flops"), "flops.", "counted")),
                fields.samples(root, "", "wall_samples", fields.object(root, "seconds"), "seconds.", "wall"));
        List<Timed> kinds = new ArrayList<>(fields.timed(root, "sites", "kind", "counted"));
        kinds.addAll(fields.timed(root, "steps", "name", null));
        if (kinds.isEmpty()) {
            throw new BadDataException(file, "sites is empty");
        }
        return new SavedResult(
                file,
                leaves(root, WORK),
                circumstances(root),
                fields.yardstick(root),
                pass,
                kinds,
                fields.timed(root, "by_site", "kind", "flops"),
                root.has(Timed.DECODE)
                        ? Optional.of(decoded(file, fields.object(root, Timed.DECODE)))
                        : Optional.empty());
    }

    private static Decoded decoded(String file, JsonNode decode) {
        Fields fields = new Fields(file, Timed.DECODE + ".", Timed.DECODE + " ");
        List<Timed> kinds = new ArrayList<>(fields.timed(decode, "sites", "kind", "counted"));
        kinds.addAll(fields.timed(decode, "steps", "name", null));
        return new Decoded(
                fields.count(decode, "", "tokens"),
                new Timed(
                        Timed.DECODE,
                        OptionalInt.empty(),
                        OptionalLong.of(fields.count(fields.object(decode, "flops"), "flops.", "counted")),
                        fields.samples(
                                decode, "", "wall_samples", fields.object(decode, "seconds"), "seconds.", "wall")),
                kinds,
                fields.timed(decode, "by_site", "kind", "flops"));
    }

    private JsonNode parse(String file, String text) {
        try {
            JsonNode root = mapper.readTree(text);
            if (root.isMissingNode()) {
                throw new BadDataException(file, "is empty");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new BadDataException(file, "not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static SortedMap<String, String> leaves(JsonNode root, List<String> keys) {
        SortedMap<String, String> leaves = new TreeMap<>();
        for (String key : keys) {
            JsonNode value = root.get(key);
            if (value != null) {
                addLeaves(key, value, leaves);
            }
        }
        return leaves;
    }

    private static SortedMap<String, String> circumstances(JsonNode root) {
        SortedMap<String, String> circumstances = leaves(root, CIRCUMSTANCES);
        JsonNode tokens = root.at("/decode/tokens");
        if (!tokens.isMissingNode()) {
            circumstances.put(DECODED_TOKENS, tokens.asText());
        }
        return circumstances;
    }

    private static void addLeaves(String key, JsonNode value, SortedMap<String, String> leaves) {
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                addLeaves(key + "." + entry.getKey(), entry.getValue(), leaves);
            }
        } else if (!LEFT_OUT.contains(key)) {
            leaves.put(key, value.isValueNode() ? value.asText() : value.toString());
        }
    }

    /**
     * Reads values of one file, each with its form checked.
     *
     * @param file for messages
     * @param path of all keys, for messages
     * @param before what the names of all things timed begin with
     */
    private record Fields(String file, String path, String before) {

        JsonNode object(JsonNode parent, String key) {
            JsonNode value = parent.get(key);
            if (value == null || !value.isObject()) {
                throw bad(key, "an object", value);
            }
            return value;
        }

        /** The rows of an array that may be absent; {@code flops} is the key of their FLOPs, if they have any. */
        List<Timed> timed(JsonNode root, String array, String name, @Nullable String flops) {
            JsonNode rows = root.get(array);
            if (rows == null) {
                return List.of();
            }
            if (!rows.isArray()) {
                throw bad(array, "an array", rows);
            }
            List<Timed> timed = new ArrayList<>();
            for (int index = 0; index < rows.size(); index++) {
                JsonNode row = rows.get(index);
                String where = array + "[" + index + "].";
                timed.add(new Timed(
                        before + text(row, where, name),
                        row.hasNonNull("layer")
                                ? OptionalInt.of((int) count(row, where, "layer"))
                                : OptionalInt.empty(),
                        flops == null ? OptionalLong.empty() : OptionalLong.of(count(row, where, flops)),
                        samples(row, where, "samples", row, where, "seconds")));
            }
            return timed;
        }

        /** Every repetition's seconds; of a file without repetitions, the one. */
        List<Double> samples(JsonNode many, String whereMany, String manyKey, JsonNode one, String where, String key) {
            JsonNode samples = many.get(manyKey);
            if (samples == null) {
                return List.of(seconds(where + key, one.get(key)));
            }
            if (!samples.isArray() || samples.isEmpty()) {
                throw bad(whereMany + manyKey, "an array of seconds, not empty", samples);
            }
            List<Double> seconds = new ArrayList<>();
            for (int index = 0; index < samples.size(); index++) {
                seconds.add(seconds(whereMany + manyKey + "[" + index + "]", samples.get(index)));
            }
            return seconds;
        }

        /** Seconds of a GFLOP, of rates that may be absent. */
        Optional<Timed> yardstick(JsonNode root) {
            JsonNode rates = root.get(YARDSTICK);
            if (rates == null) {
                return Optional.empty();
            }
            if (!rates.isArray() || rates.isEmpty()) {
                throw bad(YARDSTICK, "an array of rates, not empty", rates);
            }
            List<Double> seconds = new ArrayList<>();
            for (int index = 0; index < rates.size(); index++) {
                JsonNode rate = rates.get(index);
                if (!rate.isNumber() || !(rate.doubleValue() > 0)) {
                    throw bad(YARDSTICK + "[" + index + "]", "a rate above 0", rate);
                }
                seconds.add(1 / rate.doubleValue());
            }
            return Optional.of(new Timed("yardstick", OptionalInt.empty(), OptionalLong.empty(), seconds));
        }

        private double seconds(String key, @Nullable JsonNode value) {
            if (value == null
                    || !value.isNumber()
                    || !(value.doubleValue() >= 0)
                    || Double.isInfinite(value.doubleValue())) {
                throw bad(key, "a number of seconds of at least 0", value);
            }
            return value.doubleValue();
        }

        long count(JsonNode parent, String where, String key) {
            JsonNode value = parent.get(key);
            if (value == null || !value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                throw bad(where + key, "a whole number of at least 0", value);
            }
            return value.longValue();
        }

        private String text(JsonNode parent, String where, String key) {
            JsonNode value = parent.get(key);
            if (value == null || !value.isTextual()) {
                throw bad(where + key, "a string", value);
            }
            return value.textValue();
        }

        private BadDataException bad(String key, String wanted, @Nullable JsonNode value) {
            return new BadDataException(
                    file,
                    value == null
                            ? path + key + " is missing"
                            : path + key + " must be " + wanted + ": " + path + key + "=" + brief(value));
        }

        private static String brief(JsonNode value) {
            String text = value.toString();
            return text.length() <= 60 ? text : text.substring(0, 60) + "…";
        }
    }
}
