package dev.flopscope.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** JSON Schemas: what the records say, and files held against what ships. */
public final class Schemas {
    /** The record of each command's file. */
    static final Map<String, Class<?>> FILES = new TreeMap<>(Map.ofEntries(
            Map.entry("account", AccountFile.class),
            Map.entry("run", ResultFile.class),
            Map.entry("profile", ResultFile.class),
            Map.entry("logits", LogitsFile.class),
            Map.entry("generate", GenerateFile.class),
            Map.entry("fit", FitFile.class),
            Map.entry("verify", VerifyFile.class),
            Map.entry("sweep", SweepFile.class),
            Map.entry("compare", CompareFile.class),
            Map.entry("hardware", HardwareFile.class),
            Map.entry("counter", CounterFile.class)));

    private static final Map<String, JsonSchema> KNOWN = new ConcurrentHashMap<>();

    private final ObjectNode definitions = Json.MAPPER.createObjectNode();

    private Schemas() {}

    /** Holds a file against the schema of the command that it says wrote it. */
    public static void hold(JsonNode file) {
        assertThat(file.at("/schema_version").asInt()).isEqualTo(Envelope.VERSION);
        JsonSchema schema = KNOWN.computeIfAbsent(
                file.at("/command").asText(),
                command -> JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(Json.schema(command)));
        assertThat(schema.validate(file)).isEmpty();
    }

    /** The schema of {@code command}'s file, as the records have it. */
    static String of(String command) {
        Schemas schemas = new Schemas();
        ObjectNode schema = Json.MAPPER
                .createObjectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", "The JSON of flopscope " + command);
        schemas.fill(schema, schemas.type(FILES.get(command)));
        ObjectNode properties = (ObjectNode) schema.get("properties");
        properties.putObject("schema_version").put("const", Envelope.VERSION);
        properties.putObject("command").put("const", command);
        schema.set("$defs", schemas.definitions);
        return Json.text(schema);
    }

    private JavaType type(@org.jspecify.annotations.Nullable Class<?> type) {
        return Json.MAPPER.constructType(java.util.Objects.requireNonNull(type));
    }

    private void fill(ObjectNode schema, JavaType type) {
        ObjectNode properties = schema.put("type", "object").putObject("properties");
        ArrayNode required = Json.MAPPER.createArrayNode();
        addProperties(properties, required, type, true);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
    }

    private void addProperties(ObjectNode properties, ArrayNode required, JavaType type, boolean always) {
        BeanDescription bean = Json.MAPPER.getDeserializationConfig().introspect(type);
        for (BeanPropertyDefinition property : bean.findProperties()) {
            boolean needed = always && property.isRequired();
            if (property.getPrimaryMember().hasAnnotation(JsonUnwrapped.class)) {
                addProperties(properties, required, property.getPrimaryType(), needed);
            } else {
                properties.set(property.getName(), schema(property.getPrimaryType()));
                if (needed) {
                    required.add(property.getName());
                }
            }
        }
    }

    private ObjectNode schema(JavaType type) {
        ObjectNode schema = Json.MAPPER.createObjectNode();
        Class<?> raw = type.getRawClass();
        if (type.isMapLikeType()) {
            schema.put("type", "object").set("additionalProperties", schema(type.getContentType()));
        } else if (type.isCollectionLikeType()) {
            schema.put("type", "array").set("items", schema(type.getContentType()));
        } else if (type.isEnumType()) {
            ArrayNode values = schema.putArray("enum");
            for (Object value : raw.getEnumConstants()) {
                values.add(value.toString());
            }
        } else if (raw.isRecord()) {
            String name =
                    raw.getName().substring(raw.getPackageName().length() + 1).replace('$', '.');
            schema.put("$ref", "#/$defs/" + name);
            if (!definitions.has(name)) {
                fill(definitions.putObject(name), type);
            }
        } else {
            schema.put("type", simple(raw));
        }
        return schema;
    }

    private static String simple(Class<?> type) {
        if (type == String.class) {
            return "string";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "boolean";
        }
        if (type == double.class || type == Double.class || type == Float.class || type == BigDecimal.class) {
            return "number";
        }
        return type == ObjectNode.class ? "object" : "integer";
    }
}
