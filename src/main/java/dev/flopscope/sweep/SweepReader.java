package dev.flopscope.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flopscope.config.BadDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads the rows that a sweep saved. */
public final class SweepReader {
    private final ObjectMapper mapper = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * Reads a JSON file.
     *
     * @throws BadDataException if it is not the JSON of a sweep; names file, row, key and value
     */
    public List<SweepRow> json(String file, String text) {
        JsonNode root;
        try {
            root = mapper.readTree(text);
        } catch (JsonProcessingException e) {
            throw new BadDataException(file, "not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.path("rows").isArray()) {
            throw new BadDataException(file, "is not the JSON of a sweep: it has no array rows");
        }
        List<SweepRow> rows = new ArrayList<>();
        for (JsonNode row : root.get("rows")) {
            Map<String, String> values = new HashMap<>();
            for (String column : SweepFields.columns()) {
                values.put(column, SweepFields.cell(row, column));
            }
            rows.add(new Row(file + ": rows[" + rows.size() + "]", values).read());
        }
        return rows;
    }

    /**
     * Reads a CSV file.
     *
     * @throws BadDataException if it is not the CSV of a sweep; names file, line, column and value
     */
    public List<SweepRow> csv(String file, String text) {
        List<SweepRow> rows = new ArrayList<>();
        boolean header = true;
        try (CSVParser parser = CSVParser.parse(text, CSVFormat.RFC4180)) {
            for (CSVRecord line : parser) {
                if (header && !line.toList().equals(SweepFields.columns())) {
                    throw new BadDataException(file, "is not the CSV of a sweep: its first line is not the header");
                }
                if (!header) {
                    rows.add(row(file + ":" + parser.getCurrentLineNumber(), line.toList()));
                }
                header = false;
            }
        } catch (IOException | UncheckedIOException e) {
            throw new BadDataException(file, "not valid CSV: " + e.getMessage(), e);
        }
        if (header) {
            throw new BadDataException(file, "is empty");
        }
        return rows;
    }

    private static SweepRow row(String where, List<String> cells) {
        List<String> columns = SweepFields.columns();
        if (cells.size() != columns.size()) {
            throw new BadDataException(where, "must have " + columns.size() + " columns, has " + cells.size());
        }
        Map<String, String> values = new HashMap<>();
        for (int column = 0; column < cells.size(); column++) {
            values.put(columns.get(column), cells.get(column));
        }
        return new Row(where, values).read();
    }

    /** The values of one row by column, empty where there is none. */
    private record Row(String where, Map<String, String> values) {
        SweepRow read() {
            Optional<String> skipped = Optional.of(value("skipped")).filter(reason -> !reason.isEmpty());
            return new SweepRow(
                    point(),
                    place(),
                    required("date"),
                    skipped.isPresent() ? Optional.empty() : Optional.of(measured()),
                    skipped);
        }

        private SweepPoint point() {
            return new SweepPoint(
                    required("model"),
                    required("model_hash"),
                    extent("batch"),
                    extent("context"),
                    extent("threads"),
                    required("attention"),
                    extent("query_tile"),
                    extent("key_tile"),
                    required("weights"),
                    whole("seed"));
        }

        private Place place() {
            return new Place(
                    required("cpu"),
                    extent("cores"),
                    required("vector_instructions"),
                    required("blas_vendor"),
                    required("blas_version"),
                    required("blas_kernel"),
                    required("java"),
                    required("os"));
        }

        private Measured measured() {
            return new Measured(
                    whole("flops_counted"),
                    whole("flops_expected"),
                    Arrays.stream(required("seconds_samples").split(SweepFields.BETWEEN_SAMPLES, -1))
                            .map(this::seconds)
                            .toList(),
                    Boolean.parseBoolean(required("agrees")),
                    value("peak_resident_bytes").isEmpty()
                            ? OptionalLong.empty()
                            : OptionalLong.of(whole("peak_resident_bytes")));
        }

        private String value(String column) {
            return values.getOrDefault(column, "");
        }

        private String required(String column) {
            String value = value(column);
            if (value.isEmpty()) {
                throw new BadDataException(where, column + " is missing");
            }
            return value;
        }

        private int extent(String column) {
            long value = whole(column);
            if (value < 1 || value > Integer.MAX_VALUE) {
                throw bad(column, "a whole number from 1 to " + Integer.MAX_VALUE, required(column));
            }
            return (int) value;
        }

        private long whole(String column) {
            try {
                return Long.parseLong(required(column));
            } catch (NumberFormatException e) {
                throw bad(column, "a whole number", required(column));
            }
        }

        private double seconds(String sample) {
            try {
                double seconds = Double.parseDouble(sample);
                if (seconds >= 0 && !Double.isInfinite(seconds)) {
                    return seconds;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw bad("seconds_samples", "seconds of at least 0", sample);
        }

        private BadDataException bad(String column, String wanted, String value) {
            return new BadDataException(where, column + " must be " + wanted + ": " + column + "=" + value);
        }
    }
}
