package dev.flopscope.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.flopscope.config.Attention;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.ModelConfigReader;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.machine.Build;
import dev.flopscope.sweep.Measured.Totals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads the rows that a sweep saved. A row is read whole or refused. */
public final class SweepReader {
    /**
     * Reads a JSON file.
     *
     * @throws BadDataException if it is not the JSON of a sweep; names file, row, field and value
     */
    public List<SweepRow> json(String file, String text) {
        JsonNode rows = parse(file, text).path("rows");
        if (!rows.isArray()) {
            throw new BadDataException(file, "is not the JSON of a sweep: it has no array rows");
        }
        List<SweepRow> read = new ArrayList<>();
        rows.forEach(row -> read.add(new Row(file + ": rows[" + read.size() + "]", row).read()));
        return read;
    }

    /**
     * Reads a file of JSON lines.
     *
     * @throws BadDataException if a line is not a row of a sweep; names file, line, field and value
     */
    public List<SweepRow> jsonLines(String file, String text) {
        List<SweepRow> read = new ArrayList<>();
        text.lines().forEach(line -> {
            String where = file + ":" + (read.size() + 1);
            read.add(new Row(where, parse(where, line)).read());
        });
        return read;
    }

    private static JsonNode parse(String where, String text) {
        try {
            return SweepField.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new BadDataException(where, "not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads a CSV file.
     *
     * @throws BadDataException if it is not the CSV of a sweep; names file, line, column and value
     */
    public List<SweepRow> csv(String file, String text) {
        List<SweepRow> read = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(text, CSVFormat.RFC4180)) {
            boolean header = true;
            for (CSVRecord line : parser) {
                String where = file + ":" + parser.getCurrentLineNumber();
                requireColumns(where, line.toList(), header);
                if (!header) {
                    read.add(new Row(where, SweepField.json(line.toList())).read());
                }
                header = false;
            }
            if (header) {
                throw new BadDataException(file, "is empty");
            }
            if (!text.endsWith("\n")) {
                throw new BadDataException(
                        file + ":" + parser.getCurrentLineNumber(),
                        "the last cell may be cut off: no line break follows");
            }
        } catch (IOException | UncheckedIOException e) {
            throw new BadDataException(file, "not valid CSV: " + e.getMessage(), e);
        }
        return read;
    }

    /** Checks that there are as many cells as columns; in the header, that they are the columns. */
    private static void requireColumns(String where, List<String> cells, boolean header) {
        List<String> columns = SweepRow.columns();
        for (int column = 0; header && column < Math.min(cells.size(), columns.size()); column++) {
            if (!cells.get(column).equals(columns.get(column))) {
                throw new BadDataException(
                        where,
                        "is not the CSV of a sweep: column " + (column + 1) + " must be " + columns.get(column) + ": "
                                + cells.get(column));
            }
        }
        if (cells.size() != columns.size()) {
            throw new BadDataException(
                    where,
                    "must have " + columns.size() + " columns, has " + cells.size()
                            + (cells.size() < columns.size() ? "; " + columns.get(cells.size()) + " is missing" : ""));
        }
    }

    /** One row as JSON. */
    private record Row(String where, JsonNode json) {
        SweepRow read() {
            if (!json.isObject()) {
                throw new BadDataException(where, "must be a JSON object");
            }
            for (SweepField field : SweepField.values()) {
                String problem = field.problem(json);
                if (problem != null) {
                    throw new BadDataException(where, problem);
                }
            }
            RunSpec spec = spec();
            Optional<String> skipped = optional(SweepField.SKIPPED).map(JsonNode::textValue);
            return new SweepRow(
                    new SweepPoint(spec),
                    environment(),
                    date(),
                    skipped.isPresent() ? Optional.empty() : Optional.of(measured(spec)),
                    skipped);
        }

        private RunSpec spec() {
            Attention.Algorithm algorithm =
                    labelled(SweepField.ATTENTION, Attention.Algorithm.values(), Attention.Algorithm::label);
            return new RunSpec(
                    model(),
                    extent(SweepField.BATCH),
                    OptionalInt.of(extent(SweepField.CONTEXT)),
                    optionalExtent(SweepField.CHUNK),
                    optionalExtent(SweepField.DECODE),
                    labelled(SweepField.LOGITS, LogitsRows.values(), LogitsRows::label),
                    new Attention(algorithm, extent(SweepField.QUERY_TILE), extent(SweepField.KEY_TILE)),
                    new Prompt.Seeded(),
                    labelled(SweepField.WEIGHTS, WeightsMode.values(), WeightsMode::label),
                    count(SweepField.SEED),
                    labelled(SweepField.ENGINE, Engine.values(), Engine::label),
                    extent(SweepField.THREADS));
        }

        private ModelConfig model() {
            ModelConfig model = new ModelConfigReader()
                    .read(
                            text(SweepField.MODEL),
                            where + ": " + SweepField.MODEL_CONFIG.column(),
                            required(SweepField.MODEL_CONFIG).toString());
            String hash = text(SweepField.MODEL_HASH);
            if (!hash.equals(SweepPoint.hash(model))) {
                throw bad(SweepField.MODEL_HASH, "that of " + SweepField.MODEL_CONFIG.column(), hash);
            }
            return model;
        }

        private Environment environment() {
            return new Environment(
                    text(SweepField.CPU),
                    extent(SweepField.CORES),
                    text(SweepField.VECTOR_INSTRUCTIONS),
                    text(SweepField.BLAS_VENDOR),
                    text(SweepField.BLAS_VERSION),
                    text(SweepField.BLAS_KERNEL),
                    text(SweepField.JAVA),
                    text(SweepField.OS),
                    new Build(text(SweepField.FLOPSCOPE_VERSION), text(SweepField.FLOPSCOPE_COMMIT)));
        }

        private Measured measured(RunSpec spec) {
            return new Measured(
                    totals(SweepField.FLOPS_COUNTED, SweepField.FLOPS_EXPECTED, SweepField.SECONDS_SAMPLES),
                    spec.decode().isEmpty()
                            ? Optional.empty()
                            : Optional.of(totals(
                                    SweepField.DECODE_FLOPS_COUNTED,
                                    SweepField.DECODE_FLOPS_EXPECTED,
                                    SweepField.DECODE_SECONDS_SAMPLES)),
                    required(SweepField.AGREES).booleanValue(),
                    optional(SweepField.PEAK_RESIDENT_BYTES)
                            .map(bytes -> OptionalLong.of(bytes.longValue()))
                            .orElse(OptionalLong.empty()));
        }

        private Totals totals(SweepField counted, SweepField expected, SweepField samples) {
            return new Totals(
                    count(counted),
                    count(expected),
                    required(samples).valueStream().map(JsonNode::doubleValue).toList());
        }

        private Instant date() {
            String date = text(SweepField.DATE);
            try {
                return Instant.parse(date);
            } catch (DateTimeParseException e) {
                throw bad(SweepField.DATE, "a time such as 2026-01-01T00:00:00Z", date);
            }
        }

        private <E> E labelled(SweepField field, E[] values, Function<E, String> label) {
            String text = text(field);
            return Arrays.stream(values)
                    .filter(value -> label.apply(value).equals(text))
                    .findFirst()
                    .orElseThrow(() ->
                            bad(field, Arrays.stream(values).map(label).collect(Collectors.joining(" or ")), text));
        }

        private String text(SweepField field) {
            return required(field).textValue();
        }

        private int extent(SweepField field) {
            return required(field).intValue();
        }

        private OptionalInt optionalExtent(SweepField field) {
            return optional(field).isEmpty() ? OptionalInt.empty() : OptionalInt.of(extent(field));
        }

        private long count(SweepField field) {
            return required(field).longValue();
        }

        private JsonNode required(SweepField field) {
            return optional(field).orElseThrow(() -> new BadDataException(where, field.column() + " is missing"));
        }

        private Optional<JsonNode> optional(SweepField field) {
            return Optional.of(field.in(json)).filter(value -> !value.isMissingNode());
        }

        private BadDataException bad(SweepField field, String inWords, String actual) {
            return new BadDataException(where, field.mustBe(inWords, actual));
        }
    }
}
