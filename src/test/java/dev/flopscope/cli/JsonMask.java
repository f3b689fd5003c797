package dev.flopscope.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;

/** Masks JSON by key; keys stay in their order, and numbers have the digits that they had. */
final class JsonMask {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final DefaultPrettyPrinter PRINTER =
            new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));

    /** What is hidden with all that is in it; beneath other keys there may be counts. */
    private static final Set<String> WHOLE = Set.of("time", "caches");

    private JsonMask() {}

    /** Masks a document and lays it out. */
    static String mask(String json) {
        return written(masked(read(json)));
    }

    static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + json, e);
        }
    }

    private static String written(JsonNode node) {
        try {
            return MAPPER.writer(PRINTER).writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree was not written", e);
        }
    }

    static JsonNode masked(JsonNode node) {
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(masked(element)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!Measured.untold(entry.getKey())) {
                object.set(entry.getKey(), masked(entry.getKey(), entry.getValue()));
            }
        }
        return object;
    }

    private static JsonNode masked(String key, JsonNode value) {
        if (key.equals("probability")) {
            return JsonNodeFactory.instance.numberNode(new BigDecimal(Measured.probability(value.asText())));
        }
        if (key.equals("skipped")) {
            return TextNode.valueOf(Measured.sentence(value.asText()).orElse(Measured.MASK));
        }
        if (!Measured.key(key) || (value.isObject() && !WHOLE.contains(key))) {
            return masked(value);
        }
        return TextNode.valueOf(value.isArray() ? "<" + key + ">" : Measured.MASK);
    }
}
