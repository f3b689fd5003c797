package dev.flopscope.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one published config over the defaults of its {@code model_type}. A key that is in the file has the file's value,
 * {@code null} included, which then means none. Every value that is asked for is remembered with where it came from.
 */
final class Settings {
    private final String source;
    private final String type;
    private final JsonNode own;
    private final JsonNode family;
    private final Map<String, Setting> resolved = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();
    private final ObjectNode read = JsonNodeFactory.instance.objectNode();

    /**
     * Reads nothing yet.
     *
     * @param source the file, for messages
     * @param type the {@code model_type}
     * @param own the config
     * @param family what is known of its type: {@code defaults}, {@code names} and {@code traits}
     */
    Settings(String source, String type, JsonNode own, JsonNode family) {
        this.source = source;
        this.type = type;
        this.own = own;
        this.family = family;
    }

    /** The {@code model_type}. */
    String type() {
        return type;
    }

    /** Every value that was asked for. */
    List<Setting> resolved() {
        return List.copyOf(resolved.values());
    }

    /** What of the file was read. */
    ObjectNode read() {
        return read;
    }

    /** Whether models of this type have a trait. */
    boolean has(String trait) {
        return strings(family.path("traits")).contains(trait);
    }

    /** Keys of the file that nobody asked for. */
    Set<String> unread() {
        Set<String> unread = new TreeSet<>();
        own.fieldNames().forEachRemaining(unread::add);
        unread.removeAll(asked);
        return unread;
    }

    static List<String> strings(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** The value of {@code key}, if there is one that is not {@code null}. */
    Optional<JsonNode> find(String key) {
        String named = family.path("names").path(key).asText(key);
        asked.add(key);
        asked.add(named);
        for (String candidate : List.of(named, key)) {
            if (own.has(candidate)) {
                read.set(candidate, own.get(candidate));
                return remember(candidate, own.get(candidate), source);
            }
        }
        for (String candidate : List.of(named, key)) {
            @Nullable JsonNode fallback = family.path("defaults").get(candidate);
            if (fallback != null) {
                return remember(candidate, fallback, "default of " + type);
            }
        }
        return Optional.empty();
    }

    private Optional<JsonNode> remember(String key, JsonNode value, String origin) {
        resolved.put(key, new Setting(key, value.toString(), origin));
        return value.isNull() ? Optional.empty() : Optional.of(value);
    }

    int integer(String key) {
        return integer(
                key,
                () -> {
                    throw missing(key);
                },
                "");
    }

    /** The value, or what other keys give. */
    int integer(String key, IntSupplier fallback, String from) {
        OptionalInt value = optionalInteger(key);
        if (value.isPresent()) {
            return value.getAsInt();
        }
        int derived = fallback.getAsInt();
        resolved.put(key, new Setting(key, Integer.toString(derived), from));
        return derived;
    }

    OptionalInt optionalInteger(String key) {
        Optional<JsonNode> value = find(key);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!value.get().isIntegralNumber() || !value.get().canConvertToInt()) {
            throw wrong(key, "an integer of at most " + Integer.MAX_VALUE, value.get());
        }
        return OptionalInt.of(value.get().intValue());
    }

    double number(String key) {
        return optionalNumber(key).orElseThrow(() -> missing(key));
    }

    OptionalDouble optionalNumber(String key) {
        Optional<JsonNode> value = find(key);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        if (!value.get().isNumber() || !Double.isFinite(value.get().doubleValue())) {
            throw wrong(key, "a number", value.get());
        }
        return OptionalDouble.of(value.get().doubleValue());
    }

    boolean flag(String key) {
        Optional<JsonNode> value = find(key);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw wrong(key, "true or false", value.get());
        }
        return value.isPresent() && value.get().booleanValue();
    }

    String text(String key) {
        JsonNode value = find(key).orElseThrow(() -> missing(key));
        if (!value.isTextual()) {
            throw wrong(key, "a string", value);
        }
        return value.textValue();
    }

    /** The elements of a list; empty if there is none. */
    List<JsonNode> list(String key) {
        List<JsonNode> elements = new ArrayList<>();
        find(key).ifPresent(value -> {
            if (!value.isArray()) {
                throw wrong(key, "an array", value);
            }
            value.forEach(elements::add);
        });
        return elements;
    }

    /** The object under {@code key}, if there is one. */
    Optional<JsonNode> object(String key) {
        Optional<JsonNode> value = find(key);
        if (value.isPresent() && !value.get().isObject()) {
            throw wrong(key, "an object", value.get());
        }
        return value;
    }

    BadDataException missing(String key) {
        return bad("key \"" + key + "\" is missing");
    }

    BadDataException wrong(String key, String wanted, Object value) {
        return bad(key + " must be " + wanted + ": " + key + "=" + value);
    }

    BadDataException bad(String message) {
        return new BadDataException(source, message);
    }
}
