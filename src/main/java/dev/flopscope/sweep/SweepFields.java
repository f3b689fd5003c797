package dev.flopscope.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The fields of a row, as CSV columns and as JSON pointers into a row. */
public final class SweepFields {
    /** Between the samples of a row in CSV. */
    static final String BETWEEN_SAMPLES = ";";

    private static final Map<String, String> POINTERS = pointers();

    private SweepFields() {}

    /** CSV column names, in their order. */
    public static List<String> columns() {
        return List.copyOf(POINTERS.keySet());
    }

    /** Where a JSON row has what {@code column} holds. */
    private static String pointer(String column) {
        return POINTERS.getOrDefault(column, "/" + column);
    }

    /** What a JSON row has at {@code column}, as CSV has it: nothing where it has nothing, samples joined. */
    public static String cell(JsonNode row, String column) {
        JsonNode value = row.at(pointer(column));
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(BETWEEN_SAMPLES))
                : value.asText();
    }

    private static Map<String, String> pointers() {
        Map<String, String> pointers = new LinkedHashMap<>();
        pointers.put("model", "/model/name");
        pointers.put("model_hash", "/model/hash");
        for (String key : List.of("batch", "context", "threads")) {
            pointers.put(key, "/" + key);
        }
        pointers.put("attention", "/attention/algorithm");
        pointers.put("query_tile", "/attention/query_tile");
        pointers.put("key_tile", "/attention/key_tile");
        pointers.put("weights", "/weights");
        pointers.put("seed", "/seed");
        pointers.put("flops_counted", "/flops/counted");
        pointers.put("flops_expected", "/flops/expected");
        pointers.put("seconds_median", "/seconds/median");
        pointers.put("seconds_least", "/seconds/least");
        pointers.put("seconds_most", "/seconds/most");
        pointers.put("seconds_samples", "/seconds/samples");
        for (String key : List.of("gflops_per_second", "agrees", "skipped", "peak_resident_bytes")) {
            pointers.put(key, "/" + key);
        }
        for (String key : List.of(
                "cpu", "cores", "vector_instructions", "blas_vendor", "blas_version", "blas_kernel", "java", "os")) {
            pointers.put(key, "/machine/" + key);
        }
        pointers.put("date", "/date");
        return pointers;
    }
}
