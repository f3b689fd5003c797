package dev.flopscope.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.flopscope.config.ModelConfigWriter;
import dev.flopscope.sweep.Measured.Totals;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a row, in the order of their CSV columns. JSON, JSON lines and CSV all have these fields and no others; a field
 * without a value is absent in JSON and empty in CSV.
 */
@SuppressWarnings("ImmutableEnumChecker") // The lambdas capture nothing.
enum SweepField {
    MODEL("/model/name", Type.TEXT, row -> row.spec().model().name()),
    MODEL_HASH("/model/hash", Type.TEXT, row -> row.point().modelHash()),
    BATCH("/batch", Type.EXTENT, row -> row.spec().batch()),
    CONTEXT("/context", Type.EXTENT, row -> row.point().context()),
    THREADS("/threads", Type.EXTENT, row -> row.spec().threads()),
    ATTENTION(
            "/attention/algorithm",
            Type.TEXT,
            row -> row.spec().attention().algorithm().label()),
    QUERY_TILE("/attention/query_tile", Type.EXTENT, row -> row.point().queryTile()),
    KEY_TILE("/attention/key_tile", Type.EXTENT, row -> row.point().keyTile()),
    WEIGHTS("/weights", Type.TEXT, row -> row.spec().weights().label()),
    SEED("/seed", Type.COUNT, row -> row.spec().seed()),
    FLOPS_COUNTED("/flops/counted", Type.COUNT, row -> ofAll(row, Totals::countedFlops)),
    FLOPS_EXPECTED("/flops/expected", Type.COUNT, row -> ofAll(row, Totals::expectedFlops)),
    SECONDS_MEDIAN("/seconds/median", Type.FIGURE, row -> ofAll(row, Totals::median)),
    SECONDS_LEAST("/seconds/least", Type.FIGURE, row -> ofAll(row, Totals::least)),
    SECONDS_MOST("/seconds/most", Type.FIGURE, row -> ofAll(row, Totals::most)),
    SECONDS_SAMPLES("/seconds/samples", Type.SAMPLES, row -> ofAll(row, Totals::samples)),
    GFLOPS_PER_SECOND("/gflops_per_second", Type.FIGURE, row -> ofAll(row, Totals::gflopsPerSecond)),
    AGREES("/agrees", Type.FLAG, row -> row.measured().map(Measured::agrees).orElse(null)),
    SKIPPED("/skipped", Type.TEXT, row -> row.skipped().orElse(null)),
    PEAK_RESIDENT_BYTES("/peak_resident_bytes", Type.COUNT, SweepField::peak),
    CPU("/machine/cpu", Type.TEXT, row -> row.environment().cpu()),
    CORES("/machine/cores", Type.EXTENT, row -> row.environment().cores()),
    VECTOR_INSTRUCTIONS(
            "/machine/vector_instructions", Type.TEXT, row -> row.environment().vectorInstructions()),
    BLAS_VENDOR("/machine/blas_vendor", Type.TEXT, row -> row.environment().blasVendor()),
    BLAS_VERSION("/machine/blas_version", Type.TEXT, row -> row.environment().blasVersion()),
    BLAS_KERNEL("/machine/blas_kernel", Type.TEXT, row -> row.environment().blasKernel()),
    JAVA("/machine/java", Type.TEXT, row -> row.environment().java()),
    OS("/machine/os", Type.TEXT, row -> row.environment().os()),
    DATE("/date", Type.TEXT, row -> row.date().toString()),
    MODEL_CONFIG(
            "/model/config",
            Type.OBJECT,
            row -> ModelConfigWriter.write(row.spec().model())),
    CHUNK("/chunk", Type.EXTENT, row -> orNull(row.spec().chunk())),
    LOGITS("/logits", Type.TEXT, row -> row.spec().logits().label()),
    ENGINE("/engine", Type.TEXT, row -> row.spec().engine().label()),
    FLOPSCOPE_VERSION(
            "/flopscope/version",
            Type.TEXT,
            row -> row.environment().flopscope().version()),
    FLOPSCOPE_COMMIT(
            "/flopscope/commit", Type.TEXT, row -> row.environment().flopscope().commit()),
    DECODE("/decode/tokens", Type.EXTENT, row -> orNull(row.spec().decode())),
    DECODE_FLOPS_COUNTED("/decode/flops/counted", Type.COUNT, row -> ofDecode(row, Totals::countedFlops)),
    DECODE_FLOPS_EXPECTED("/decode/flops/expected", Type.COUNT, row -> ofDecode(row, Totals::expectedFlops)),
    DECODE_SECONDS_SAMPLES("/decode/seconds/samples", Type.SAMPLES, row -> ofDecode(row, Totals::samples));

    /** Reads and writes rows; what it reads must be one value without repeated keys. */
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String BETWEEN_SAMPLES = ";";

    private final String pointer;
    private final Type type;
    private final Value value;

    SweepField(String pointer, Type type, Value value) {
        this.pointer = pointer;
        this.type = type;
        this.value = value;
    }

    /** What a field has of a row. */
    private interface Value {
        @Nullable
        Object of(SweepRow row);
    }

    /** What a field's value must be. */
    private enum Type {
        TEXT("a string", JsonNode::isTextual),
        COUNT("a whole number", node -> node.isIntegralNumber() && node.canConvertToLong()),
        EXTENT(
                "a whole number from 1 to " + Integer.MAX_VALUE,
                node -> node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 1),
        FIGURE("a number of at least 0", Type::isFigure),
        FLAG("true or false", JsonNode::isBoolean),
        SAMPLES(
                "seconds of at least 0",
                node -> node.isArray() && !node.isEmpty() && node.valueStream().allMatch(Type::isFigure)),
        OBJECT("a JSON object", JsonNode::isObject);

        private final String inWords;
        private final Predicate<JsonNode> check;

        Type(String inWords, Predicate<JsonNode> check) {
            this.inWords = inWords;
            this.check = check;
        }

        private static boolean isFigure(JsonNode node) {
            return node.isNumber() && node.doubleValue() >= 0 && !Double.isInfinite(node.doubleValue());
        }
    }

    static List<String> columns() {
        return Arrays.stream(values()).map(SweepField::column).toList();
    }

    static ObjectNode json(SweepRow row) {
        ObjectNode json = MAPPER.createObjectNode();
        for (SweepField field : values()) {
            Object value = field.value.of(row);
            if (value != null) {
                field.put(json, MAPPER.valueToTree(value));
            }
        }
        return json;
    }

    static List<String> cells(SweepRow row) {
        ObjectNode json = json(row);
        return Arrays.stream(values()).map(field -> cell(field.in(json))).toList();
    }

    private static String cell(JsonNode value) {
        return value.isArray()
                ? value.valueStream().map(JsonNode::asText).collect(Collectors.joining(BETWEEN_SAMPLES))
                : value.isObject() ? value.toString() : value.asText();
    }

    /** Its name in CSV. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its value in a JSON row; missing if it has none. */
    JsonNode in(JsonNode row) {
        return row.at(pointer);
    }

    /** Cells of CSV as a JSON row, in which an empty cell has no value. */
    static ObjectNode json(List<String> cells) {
        ObjectNode row = MAPPER.createObjectNode();
        Iterator<String> left = cells.iterator();
        for (SweepField field : values()) {
            String cell = left.next();
            if (!cell.isEmpty()) {
                field.put(row, field.type == Type.TEXT ? TextNode.valueOf(cell) : field.parsed(cell));
            }
        }
        return row;
    }

    private JsonNode parsed(String cell) {
        try {
            return MAPPER.readTree(type == Type.SAMPLES ? "[" + cell.replace(BETWEEN_SAMPLES, ",") + "]" : cell);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(cell);
        }
    }

    private void put(ObjectNode row, JsonNode node) {
        int last = pointer.lastIndexOf('/');
        ObjectNode parent = last == 0 ? row : row.withObject(pointer.substring(0, last));
        parent.set(pointer.substring(last + 1), node);
    }

    /** Says in a few words what is wrong with its value in a JSON row, if anything is; a row need not have every field. */
    @Nullable
    String problem(JsonNode row) {
        JsonNode node = in(row);
        return node.isMissingNode() || type.check.test(node) ? null : mustBe(type.inWords, cell(node));
    }

    /** {@code batch must be a whole number: batch=x}. */
    String mustBe(String inWords, String actual) {
        return column() + " must be " + inWords + ": " + column() + "=" + actual;
    }

    private static @Nullable Object ofAll(SweepRow row, Function<Totals, Object> figure) {
        return row.measured().map(Measured::all).map(figure).orElse(null);
    }

    private static @Nullable Object ofDecode(SweepRow row, Function<Totals, Object> figure) {
        return row.measured().flatMap(Measured::decode).map(figure).orElse(null);
    }

    private static @Nullable Object orNull(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }

    private static @Nullable Object peak(SweepRow row) {
        return row.measured()
                .map(Measured::peakResidentBytes)
                .filter(bytes -> bytes.isPresent())
                .map(bytes -> bytes.getAsLong())
                .orElse(null);
    }
}
