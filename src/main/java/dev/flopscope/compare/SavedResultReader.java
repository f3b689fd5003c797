package dev.flopscope.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flopscope.compare.SavedResult.PhaseTimes;
import dev.flopscope.config.BadDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Reads the JSON of {@code run} and {@code profile}. It ignores keys that a comparison does not need. */
public final class SavedResultReader {
    private static final List<String> WORK = List.of("model", "batch", "context", "logits");
    private static final List<String> ENVIRONMENT =
            List.of("attention", "chunk", "weights", "seed", "engine", "machine", "commit", "version");
    /** What differs from one run to the next without being a difference, or follows from what is listed. */
    private static final Set<String> LEFT_OUT =
            Set.of("machine.memory_available_bytes", "attention.flops", "attention.useful_flops");

    private static final String CALIBRATION = "yardstick_gflops_per_second_samples";

    private static final int MOST_SHOWN = 60;

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
        Value whole = new Value(file, "", root);
        PhaseTimes prefill = phase(whole, "pass", "");
        if (prefill.kinds().isEmpty()) {
            throw new BadDataException(file, "sites is empty");
        }
        SortedMap<String, String> environment = leaves(root, ENVIRONMENT);
        Optional<Value> decode = whole.get(Series.DECODE).ifPresent();
        decode.ifPresent(decoded -> environment.put(
                SavedResult.DECODED_TOKENS, String.valueOf(decoded.get("tokens").count())));
        return new SavedResult(
                file,
                leaves(root, WORK),
                environment,
                whole.get(CALIBRATION).ifPresent().map(SavedResultReader::calibration),
                prefill,
                decode.map(decoded -> phase(decoded, Series.DECODE, Series.DECODE + " ")));
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

    private static void addLeaves(String key, JsonNode value, SortedMap<String, String> leaves) {
        if (value.isObject()) {
            value.properties().forEach(entry -> addLeaves(key + "." + entry.getKey(), entry.getValue(), leaves));
        } else if (!LEFT_OUT.contains(key)) {
            leaves.put(key, value.isValueNode() ? value.asText() : value.toString());
        }
    }

    /** The times of one phase; {@code before} is what the names of its kinds begin with. */
    private static PhaseTimes phase(Value json, String name, String before) {
        List<Series> kinds = new ArrayList<>(series(json.get("sites"), before, "kind", "counted"));
        kinds.addAll(series(json.get("steps"), before, "name", ""));
        long flops = json.get("flops").get("counted").count();
        List<Double> wall =
                samples(json.get("wall_samples"), json.get("seconds").get("wall"));
        return new PhaseTimes(
                new Series(name, OptionalInt.empty(), OptionalLong.of(flops), wall),
                kinds,
                series(json.get("by_site"), before, "kind", "flops"));
    }

    /** The rows of an array, of which there are none if it is absent; {@code flops} is empty for what is no product. */
    private static List<Series> series(Value rows, String before, String name, String flops) {
        return rows.ifPresent().stream()
                .flatMap(array -> array.elements("an array").stream())
                .map(row -> new Series(
                        before + row.get(name).text(),
                        row.get("layer").isNull()
                                ? OptionalInt.empty()
                                : OptionalInt.of((int) row.get("layer").count()),
                        flops.isEmpty()
                                ? OptionalLong.empty()
                                : OptionalLong.of(row.get(flops).count()),
                        samples(row.get("samples"), row.get("seconds"))))
                .toList();
    }

    /** The seconds of every repetition; of a file without repetitions, the one. */
    private static List<Double> samples(Value many, Value one) {
        return many.ifPresent().isEmpty()
                ? List.of(one.seconds())
                : many.notEmpty("an array of seconds, not empty").stream()
                        .map(Value::seconds)
                        .toList();
    }

    /** Seconds of a GFLOP. */
    private static Series calibration(Value rates) {
        List<Double> seconds = rates.notEmpty("an array of rates, not empty").stream()
                .map(rate -> 1
                        / rate.checked("a rate above 0", value -> value.doubleValue() > 0)
                                .doubleValue())
                .toList();
        return new Series("speed calibration", OptionalInt.empty(), OptionalLong.empty(), seconds);
    }

    /**
     * A value of a file, which may be absent.
     *
     * @param file the file, for messages
     * @param key its whole key, for messages
     * @param json the value; missing if it is absent
     */
    private record Value(String file, String key, JsonNode json) {
        Value get(String name) {
            if (!json.isMissingNode()) {
                checked("an object", JsonNode::isObject);
            }
            return new Value(file, key.isEmpty() ? name : key + "." + name, json.path(name));
        }

        Optional<Value> ifPresent() {
            return json.isMissingNode() ? Optional.empty() : Optional.of(this);
        }

        boolean isNull() {
            return json.isMissingNode() || json.isNull();
        }

        List<Value> elements(String inWords) {
            return elements(inWords, JsonNode::isArray);
        }

        List<Value> notEmpty(String inWords) {
            return elements(inWords, value -> value.isArray() && !value.isEmpty());
        }

        private List<Value> elements(String inWords, Predicate<JsonNode> check) {
            JsonNode array = checked(inWords, check);
            return IntStream.range(0, array.size())
                    .mapToObj(index -> new Value(file, key + "[" + index + "]", array.get(index)))
                    .toList();
        }

        double seconds() {
            return checked(
                            "a number of seconds of at least 0",
                            value -> value.isNumber()
                                    && value.doubleValue() >= 0
                                    && !Double.isInfinite(value.doubleValue()))
                    .doubleValue();
        }

        long count() {
            return checked(
                            "a whole number of at least 0",
                            value -> value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0)
                    .longValue();
        }

        String text() {
            return checked("a string", JsonNode::isTextual).textValue();
        }

        JsonNode checked(String inWords, Predicate<JsonNode> check) {
            if (json.isMissingNode()) {
                throw new BadDataException(file, key + " is missing");
            }
            if (!check.test(json)) {
                String text = json.toString();
                String brief = text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
                throw new BadDataException(file, key + " must be " + inWords + ": " + key + "=" + brief);
            }
            return json;
        }
    }
}
