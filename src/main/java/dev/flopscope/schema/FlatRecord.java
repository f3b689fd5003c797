package dev.flopscope.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.flopscope.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Records as lines of CSV: a column a value, named by the keys that lead to it, and lists in one cell. */
public final class FlatRecord {
    private static final String BETWEEN_ELEMENTS = ";";

    private final List<Leaf> leaves = new ArrayList<>();

    /** Lines of records of {@code type}, all of whose components are known from it. */
    public FlatRecord(Class<?> type) {
        addLeaves(List.of(), Json.MAPPER.constructType(type));
    }

    private record Leaf(List<String> path, JavaType type) {
        JsonNode parsed(String cell) {
            if (type.getRawClass() == String.class || type.isEnumType()) {
                return TextNode.valueOf(Printable.ofCell(cell));
            }
            try {
                return Json.MAPPER.readTree(
                        type.isCollectionLikeType() ? "[" + cell.replace(BETWEEN_ELEMENTS, ",") + "]" : cell);
            } catch (JsonProcessingException e) {
                return TextNode.valueOf(cell);
            }
        }
    }

    private void addLeaves(List<String> path, JavaType type) {
        for (BeanPropertyDefinition property :
                Json.MAPPER.getSerializationConfig().introspect(type).findProperties()) {
            List<String> below = new ArrayList<>(path);
            below.add(property.getName());
            if (property.getPrimaryType().getRawClass().isRecord()) {
                addLeaves(below, property.getPrimaryType());
            } else {
                leaves.add(new Leaf(below, property.getPrimaryType()));
            }
        }
    }

    /** The columns in their order. */
    public List<String> columns() {
        return leaves.stream().map(leaf -> String.join("_", leaf.path())).toList();
    }

    /** A cell for each column, empty where {@code json} has no value. */
    public List<String> cells(JsonNode json) {
        return leaves.stream()
                .map(leaf -> cell(json.at("/" + String.join("/", leaf.path()))))
                .toList();
    }

    /** A value as JSON has it, in one cell, which is empty if there is none. */
    public static String cell(@Nullable Object value) {
        return value == null ? "" : cell(Json.MAPPER.<JsonNode>valueToTree(value));
    }

    private static String cell(JsonNode value) {
        if (value.isArray()) {
            return value.valueStream().map(JsonNode::asText).collect(Collectors.joining(BETWEEN_ELEMENTS));
        }
        if (value.isTextual()) {
            return Printable.cell(value.asText());
        }
        return value.isBigDecimal()
                ? value.decimalValue().toPlainString()
                : value.isObject() ? value.toString() : value.asText();
    }

    /** The object that has these cells, as many as there are columns. */
    public ObjectNode tree(List<String> cells) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        for (int column = 0; column < cells.size(); column++) {
            if (!cells.get(column).isEmpty()) {
                List<String> path = leaves.get(column).path();
                ObjectNode parent = json;
                for (String key : path.subList(0, path.size() - 1)) {
                    parent = parent.withObjectProperty(key);
                }
                parent.set(path.get(path.size() - 1), leaves.get(column).parsed(cells.get(column)));
            }
        }
        return json;
    }
}
