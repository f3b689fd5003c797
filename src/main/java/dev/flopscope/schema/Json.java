package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.flopscope.config.BadDataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the records of this package. Keys that it does not know are ignored; a key twice, more than one value, a
 * value of another type and the lack of a key that every such file has are refused.
 */
public final class Json {
    /** Reads and writes trees and records. */
    static final JsonMapper MAPPER = mapper();

    private static final int MOST_SHOWN = 60;

    private Json() {}

    private static JsonMapper mapper() {
        JsonMapper.Builder builder = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
                .annotationIntrospector(new Requirements())
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
                .enable(
                        DeserializationFeature.READ_ENUMS_USING_TO_STRING,
                        DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> List.of(
                                        CoercionInputShape.Integer,
                                        CoercionInputShape.Float,
                                        CoercionInputShape.Boolean)
                                .forEach(shape -> text.setCoercion(shape, CoercionAction.Fail)));
        for (Class<?> empty : List.of(List.class, Map.class)) {
            builder.withConfigOverride(
                    empty, list -> list.setSetterInfo(JsonSetter.Value.construct(Nulls.AS_EMPTY, Nulls.FAIL)));
        }
        return builder.withConfigOverride(
                        String.class,
                        text -> text.setInclude(
                                JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS)))
                .build();
    }

    /**
     * A component of a record is required unless it may be null or is a list, which may be empty. Nested types must be named
     * without what they are nested in: {@code Outer.@Nullable Inner} loses its annotation in a record's constructor.
     */
    private static final class Requirements extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
            if (member instanceof AnnotatedParameter parameter
                    && parameter.getOwner().getAnnotated() instanceof Constructor<?> constructor) {
                return !constructor.getAnnotatedParameterTypes()[parameter.getIndex()].isAnnotationPresent(
                                Nullable.class)
                        && !Collection.class.isAssignableFrom(parameter.getRawType())
                        && !Map.class.isAssignableFrom(parameter.getRawType());
            }
            return super.hasRequiredMarker(member);
        }
    }

    /** {@code record} as a tree. */
    public static ObjectNode tree(Object record) {
        return MAPPER.valueToTree(record);
    }

    /** {@code json} as text, indented by two spaces, with line feeds on every system and one at the end. */
    public static String text(JsonNode json) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        try {
            return MAPPER.writer(new DefaultPrettyPrinter()
                                    .withObjectIndenter(indenter)
                                    .withArrayIndenter(indenter))
                            .writeValueAsString(json)
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values was not written", e);
        }
    }

    /**
     * Reads a tree.
     *
     * @param where a file and a place in it, for messages
     * @throws BadDataException if {@code text} is not one JSON object
     */
    public static JsonNode tree(String where, String text) {
        try {
            JsonNode json = MAPPER.readTree(text);
            if (!json.isObject()) {
                throw new BadDataException(where, json.isMissingNode() ? "is empty" : "must be a JSON object");
            }
            removeNulls(json);
            return json;
        } catch (JsonProcessingException e) {
            throw new BadDataException(where, "not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A key without a value is as if it were absent; but a model's config is a file of its own, in which null says none. */
    private static void removeNulls(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.properties().removeIf(property -> property.getValue().isNull());
            object.properties().stream()
                    .filter(property -> !property.getKey().equals("config"))
                    .forEach(property -> removeNulls(property.getValue()));
        } else {
            json.forEach(Json::removeNulls);
        }
    }

    /**
     * Makes a record of a tree.
     *
     * @param where a file and a place in it, for messages
     * @param between what stands between the keys of a path in messages: a dot, or an underscore in columns
     * @throws BadDataException if a key is missing, or a value cannot be; names file, key and value
     */
    public static <T> T read(String where, JsonNode json, Class<T> type, String between) {
        return read(where, json, type, MAPPER.reader(), between);
    }

    /**
     * Makes a record of a tree that will be written again, so that an unknown key would be lost: it is refused. Otherwise as
     * {@link #read(String, JsonNode, Class, String)}.
     */
    public static <T> T readAll(String where, JsonNode json, Class<T> type, String between) {
        return read(where, json, type, MAPPER.reader(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES), between);
    }

    private static <T> T read(String where, JsonNode json, Class<T> type, ObjectReader reader, String between) {
        try {
            return reader.treeToValue(json, type);
        } catch (JsonMappingException e) {
            throw new BadDataException(where, problem(json, e, between), e);
        } catch (JsonProcessingException e) {
            throw new BadDataException(where, e.getOriginalMessage(), e);
        }
    }

    private static String problem(JsonNode json, JsonMappingException problem, String between) {
        StringBuilder key = new StringBuilder();
        JsonNode value = json;
        for (JsonMappingException.Reference part : problem.getPath()) {
            boolean named = part.getFieldName() != null;
            value = named ? value.path(part.getFieldName()) : value.path(part.getIndex());
            key.append(named ? (key.isEmpty() ? "" : between) + part.getFieldName() : "[" + part.getIndex() + "]");
        }
        if (problem.getCause() instanceof IllegalArgumentException broken) {
            return (key.isEmpty() ? "" : key + between) + broken.getMessage();
        }
        if (problem instanceof UnrecognizedPropertyException) {
            return key + " is unknown";
        }
        if (value.isMissingNode()) {
            return key + " is missing";
        }
        String text = value.isValueNode() ? value.asText() : value.toString();
        return key + " must be "
                + (problem instanceof MismatchedInputException mismatch ? inWords(mismatch.getTargetType()) : "valid")
                + ": "
                + key + "=" + (text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…");
    }

    private static String inWords(@Nullable Class<?> type) {
        if (type != null && type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).map(String::valueOf).collect(Collectors.joining(" or "));
        }
        return switch (type == null ? "" : type.getSimpleName().toLowerCase(Locale.ROOT)) {
            case "int", "integer", "long" -> "a whole number";
            case "double", "bigdecimal" -> "a number";
            case "boolean" -> "true or false";
            case "string" -> "a string";
            case "list", "arraylist" -> "an array";
            default -> "an object";
        };
    }

    /** The JSON Schema of what {@code command} writes. */
    public static String schema(String command) {
        String name = command + ".json";
        try (InputStream file = Json.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }

    /** {@code value}, which a file of this kind must have under {@code key}. */
    public static <T> T required(String where, String key, @Nullable T value) {
        if (value == null) {
            throw new BadDataException(where, key + " is missing");
        }
        return value;
    }

    /** The value as a record has it. */
    public static @Nullable Integer orNull(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }

    /** The value as a record has it. */
    public static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    static void requirePositive(String key, int value) {
        require(value >= 1, key + " must be a whole number from 1 to " + Integer.MAX_VALUE + ": " + key + "=" + value);
    }

    static void requireSeconds(String key, double value) {
        require(value >= 0 && value <= Double.MAX_VALUE, key + " must be seconds of at least 0: " + key + "=" + value);
    }
}
