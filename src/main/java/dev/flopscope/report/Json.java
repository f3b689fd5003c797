package dev.flopscope.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.machine.MachineInfo;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Pieces of JSON that several reports are made of. */
final class Json {
    private static final double NANOSECONDS = 1e9;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private Json() {}

    /** {@code json} as text, indented by two spaces, with line feeds on every system and one at the end. */
    static String text(ObjectNode json) {
        try {
            return MAPPER.writer(printer()).writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values was not written", e);
        }
    }

    private static DefaultPrettyPrinter printer() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    }

    /** An object without keys. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** An array with an entry for each of {@code values}. */
    static <T> ArrayNode array(Collection<T> values, Function<T, ? extends JsonNode> entry) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        values.forEach(value -> array.add(entry.apply(value)));
        return array;
    }

    /** An array of strings. */
    static ArrayNode texts(Collection<String> texts) {
        return array(texts, JsonNodeFactory.instance::textNode);
    }

    /** An array of numbers. */
    static ArrayNode numbers(Collection<Double> numbers) {
        return array(numbers, JsonNodeFactory.instance::numberNode);
    }

    /** An array of times in seconds. */
    static ArrayNode seconds(List<Long> nanoseconds) {
        return numbers(nanoseconds.stream().map(Json::seconds).toList());
    }

    /** A time in seconds. */
    static double seconds(long nanoseconds) {
        return seconds((double) nanoseconds);
    }

    /** A time in seconds. */
    static double seconds(double nanoseconds) {
        return nanoseconds / NANOSECONDS;
    }

    /** A machine. */
    static ObjectNode machine(MachineInfo machine) {
        return object().put("cpu", machine.cpu().model())
                .put("cores", machine.cpu().cores())
                .put("vector_instructions", machine.cpu().vectorInstructions())
                .put("blas_vendor", machine.blas().vendor())
                .put("blas_version", machine.blas().version())
                .put("blas_kernel", machine.blas().kernel())
                .put("threads", machine.threads())
                .put("memory_total_bytes", machine.memory().total())
                .put("memory_available_bytes", machine.memory().available())
                .put("java", machine.java())
                .put("os", machine.os());
    }
}
