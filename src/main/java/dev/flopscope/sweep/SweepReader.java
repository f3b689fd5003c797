package dev.flopscope.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flopscope.config.Attention;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.ModelConfigReader;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.schema.AccountRecord;
import dev.flopscope.schema.Envelope;
import dev.flopscope.schema.FlatRecord;
import dev.flopscope.schema.Json;
import dev.flopscope.schema.SweepFile;
import dev.flopscope.sweep.Measured.Totals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Reads the rows that a sweep saved. A row is read whole or refused. */
public final class SweepReader {
    /** Rows as lines of CSV. */
    public static final FlatRecord FLAT = new FlatRecord(SweepFile.Row.class);

    /**
     * Reads a JSON file.
     *
     * @throws BadDataException if it is not the JSON of a sweep; names file, row, key and value
     */
    public List<SweepRow> json(String file, String text) {
        JsonNode json = Json.tree(file, text);
        JsonNode rows = json.path("rows");
        if (json.has("convention") && !json.has("schema_version")) {
            throw new BadDataException(file, "was written by an earlier version; sweep again");
        }
        if (!rows.isArray()) {
            throw new BadDataException(file, "is not the JSON of a sweep: it has no array rows");
        }
        List<SweepRow> read = new ArrayList<>();
        rows.forEach(row -> read.add(row(file + ": rows[" + read.size() + "]", row, ".")));
        return read;
    }

    /**
     * Reads a file of JSON lines.
     *
     * @throws BadDataException if a line is not a row of a sweep; names file, line, key and value
     */
    public List<SweepRow> jsonLines(String file, String text) {
        List<SweepRow> read = new ArrayList<>();
        text.lines().forEach(line -> {
            String where = file + ":" + (read.size() + 1);
            read.add(row(where, Json.tree(where, line), "."));
        });
        return read;
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
                    read.add(row(where, FLAT.tree(line.toList()), "_"));
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
            // Commons CSV says which of its classes found the fault, and then what it is.
            String problem = String.valueOf(e.getMessage()).replaceFirst("^\\S*Exception: ", "");
            throw new BadDataException(file, "not valid CSV: " + problem, e);
        }
        return read;
    }

    /** Checks that there are as many cells as columns; in the header, that they are the columns. */
    private static void requireColumns(String where, List<String> cells, boolean header) {
        List<String> columns = FLAT.columns();
        if (header && !cells.isEmpty() && cells.get(0).equals("model")) {
            throw new BadDataException(where, "was written by an earlier version; sweep again");
        }
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

    private static SweepRow row(String where, JsonNode json, String between) {
        SweepFile.Row row = Json.readAll(where, json, SweepFile.Row.class, between);
        RunSpec spec = spec(where, row, between);
        Optional<Measured> measured =
                row.skipped() == null ? Optional.of(measured(where, row, between)) : Optional.empty();
        measured.ifPresent(found -> requireSound(where, between, spec, found));
        return new SweepRow(
                new SweepPoint(spec),
                Environment.of(row),
                date(where, row.date()),
                measured,
                Optional.ofNullable(row.skipped()));
    }

    private static BadDataException noEngine(String where, Envelope.Engine engine, String between) {
        List<String> types = Arrays.stream(Engine.values())
                .filter(each -> each.label().equals(engine.name()))
                .map(Engine::dtype)
                .toList();
        return types.isEmpty()
                ? mustBe(
                        where,
                        "engine" + between + "name",
                        Arrays.stream(Engine.values())
                                .map(Engine::label)
                                .distinct()
                                .collect(Collectors.joining(" or ")),
                        engine.name())
                : mustBe(where, "engine" + between + "dtype", String.join(" or ", types), engine.dtype());
    }

    private static RunSpec spec(String where, SweepFile.Row row, String between) {
        String name = row.engine().name();
        Engine engine = Engine.of(name, row.engine().dtype()).orElseThrow(() -> noEngine(where, row.engine(), between));
        return new RunSpec(
                model(where, row.model(), "model" + between),
                row.batch(),
                OptionalInt.of(row.context()),
                optional(row.chunk()),
                optional(row.decode() == null ? null : row.decode().steps()),
                row.logits(),
                new Attention(
                        row.attention().algorithm(),
                        row.attention().queryTile(),
                        row.attention().keyTile()),
                new Prompt.Seeded(),
                checkpoint(where, row),
                row.weights(),
                row.seed(),
                engine,
                row.engine().threads());
    }

    private static Optional<Path> checkpoint(String where, SweepFile.Row row) {
        try {
            return Optional.ofNullable(row.checkpoint()).map(Path::of);
        } catch (InvalidPathException e) {
            throw mustBe(where, "checkpoint", "the path of a folder", e.getInput());
        }
    }

    private static ModelConfig model(String where, SweepFile.Model row, String before) {
        ModelConfig model = new ModelConfigReader()
                .read(row.name(), where + ": " + before + "config", row.config().toString());
        if (!row.hash().equals(SweepPoint.hash(model))) {
            throw mustBe(where, before + "hash", "that of " + before + "config", row.hash());
        }
        return model;
    }

    private static Measured measured(String where, SweepFile.Row row, String between) {
        SweepFile.@Nullable Decode decode = row.decode();
        return new Measured(
                totals(where, "", between, row.flops(), row.seconds()),
                decode == null
                        ? Optional.empty()
                        : Optional.of(totals(where, "decode" + between, between, decode.flops(), decode.seconds())),
                Json.required(where, "agrees", row.agrees()),
                row.peakResidentBytes() == null ? OptionalLong.empty() : OptionalLong.of(row.peakResidentBytes()));
    }

    private static Totals totals(
            String where,
            String before,
            String between,
            AccountRecord.@Nullable Flops flops,
            SweepFile.@Nullable Times seconds) {
        AccountRecord.Flops found = Json.required(where, before + "flops", flops);
        return new Totals(
                Json.required(where, before + "flops" + between + "counted", found.counted()),
                found.expected(),
                Json.required(where, before + "seconds", seconds).samples());
    }

    /**
     * Checks that the figures can be those of such a run: the closed forms of its settings, and parts that are less than the
     * whole. A file that somebody edited would otherwise be believed, and its rows not measured again.
     */
    private static void requireSound(String where, String between, RunSpec spec, Measured measured) {
        Totals all = measured.all();
        List<PhaseAccount> phases = phases(where, spec);
        requireClosedForm(where, "", between, phases.stream(), all);
        String before = "decode" + between;
        measured.decode()
                .ifPresent(decode -> requireClosedForm(
                        where, before, between, phases.stream().skip(1), decode));
        if (measured.agrees()
                && Stream.concat(Stream.of(all), measured.decode().stream())
                        .anyMatch(totals -> totals.countedFlops() != totals.expectedFlops())) {
            throw mustBe(where, "agrees", "false where counted and expected differ", "true");
        }
        measured.decode().ifPresent(decode -> {
            String samples = before + "seconds" + between + "samples";
            if (decode.samples().size() != all.samples().size()) {
                throw mustBe(
                        where,
                        samples,
                        "as many as the row has repetitions, " + all.samples().size(),
                        decode.samples().toString());
            }
            for (int repetition = 0; repetition < all.samples().size(); repetition++) {
                if (decode.samples().get(repetition) > all.samples().get(repetition)) {
                    throw mustBe(
                            where,
                            samples,
                            "at most those of the whole row",
                            decode.samples().toString());
                }
            }
        });
    }

    private static List<PhaseAccount> phases(String where, RunSpec spec) {
        try {
            return Account.of(spec.model(), spec.phases(spec.longestContext()), spec.attention())
                    .phases();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BadDataException(where, "no such run is possible: " + e.getMessage(), e);
        }
    }

    private static void requireClosedForm(
            String where, String before, String between, Stream<PhaseAccount> phases, Totals totals) {
        long expected = phases.mapToLong(PhaseAccount::flops).sum();
        if (totals.expectedFlops() != expected) {
            throw mustBe(
                    where,
                    before + "flops" + between + "expected",
                    "the closed form's " + expected,
                    String.valueOf(totals.expectedFlops()));
        }
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private static Instant date(String where, String date) {
        try {
            return Instant.parse(date);
        } catch (DateTimeParseException e) {
            throw mustBe(where, "date", "a time such as 2026-01-01T00:00:00Z", date);
        }
    }

    private static BadDataException mustBe(String where, String key, String inWords, String actual) {
        return new BadDataException(where, key + " must be " + inWords + ": " + key + "=" + actual);
    }
}
