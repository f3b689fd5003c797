package dev.flopscope.claims;

import dev.flopscope.config.BadDataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads claims files: CSV with the columns {@code id, model, context, quantity, claimed, precision, parts}, one claim a
 * line, comments from a {@code #} at the start of a line.
 */
public final class ClaimsFile {
    /** The columns, in their order. */
    public static final List<String> COLUMNS =
            List.of("id", "model", "context", "quantity", "claimed", "precision", "parts");

    private static final String PUBLISHED = "models/published-claims.csv";

    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setCommentMarker('#')
            .setIgnoreSurroundingSpaces(true)
            .get();

    private ClaimsFile() {}

    /** The claims that come with Flopscope. */
    public static List<Claim> published() {
        try (InputStream csv = ClaimsFile.class.getResourceAsStream("/" + PUBLISHED)) {
            if (csv == null) {
                throw new IllegalStateException("the jar lacks " + PUBLISHED);
            }
            return read(PUBLISHED, new String(csv.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BadDataException(PUBLISHED, "cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads claims.
     *
     * @param source where the text came from, for messages
     * @param text the file
     * @return the claims in the file's order, at least one
     * @throws BadDataException at the first thing that is wrong, naming {@code source}, the line and the value
     */
    public static List<Claim> read(String source, String text) {
        Map<String, Claim> claims = new LinkedHashMap<>();
        for (Row row : rows(source, text)) {
            Claim claim = row.claim();
            Claim earlier = claims.putIfAbsent(claim.id(), claim);
            if (earlier != null) {
                throw row.bad("id is already on line " + earlier.line() + ": id=" + claim.id());
            }
        }
        if (claims.isEmpty()) {
            throw new BadDataException(source, "has no claims");
        }
        claims.values().forEach(claim -> requireParts(claim, claims.keySet()));
        return List.copyOf(claims.values());
    }

    private static List<Row> rows(String source, String text) {
        List<Row> rows = new ArrayList<>();
        boolean header = true;
        try (CSVParser parser = CSVParser.parse(text, FORMAT)) {
            for (CSVRecord csv : parser) {
                Row row = new Row(source, parser.getCurrentLineNumber(), csv.toList());
                if (header) {
                    row.requireHeader();
                    header = false;
                } else {
                    row.requireWidth();
                    rows.add(row);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            String problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
            throw new BadDataException(source, "not valid CSV: " + problem, e);
        }
        if (header) {
            throw new BadDataException(source, "is empty; the first line must be " + String.join(",", COLUMNS));
        }
        return rows;
    }

    private static void requireParts(Claim claim, Set<String> ids) {
        for (String part : claim.parts()) {
            if (!ids.contains(part)) {
                throw new BadDataException(claim.where(), "no claim has the id of this part: parts=" + part);
            }
            if (part.equals(claim.id())) {
                throw new BadDataException(claim.where(), "a claim cannot be a part of itself: parts=" + part);
            }
        }
    }

    /** Says that a quantity is unknown and which are known. */
    static String unknownQuantity(String name) {
        return "unknown quantity=" + name + "; known are "
                + String.join(", ", Quantities.meanings().keySet());
    }

    /** One line, each field read with its form checked. */
    private record Row(String source, long line, List<String> fields) {

        BadDataException bad(String message) {
            return new BadDataException(source + ":" + line, message);
        }

        void requireHeader() {
            if (!fields.equals(COLUMNS)) {
                throw bad("the first line must be " + String.join(",", COLUMNS) + ": " + String.join(",", fields));
            }
        }

        void requireWidth() {
            if (fields.size() != COLUMNS.size()) {
                throw bad("must have " + COLUMNS.size() + " columns, has " + fields.size());
            }
        }

        Claim claim() {
            Precision precision = precision();
            return new Claim(
                    source,
                    line,
                    required("id"),
                    required("model"),
                    context(),
                    quantity(),
                    claimed(precision),
                    precision,
                    parts());
        }

        private String field(String column) {
            return fields.get(COLUMNS.indexOf(column));
        }

        private String required(String column) {
            String value = field(column);
            if (value.isEmpty()) {
                throw bad(column + " is missing");
            }
            return value;
        }

        private int context() {
            String text = required("context");
            try {
                int context = Integer.parseInt(text);
                if (context >= 1) {
                    return context;
                }
            } catch (NumberFormatException e) {
                // Falls through to the one message for every bad context.
            }
            throw bad("context must be an integer from 1 to " + Integer.MAX_VALUE + ": context=" + text);
        }

        private String quantity() {
            String name = required("quantity");
            if (Quantities.find(name).isEmpty()) {
                throw bad(unknownQuantity(name));
            }
            return name;
        }

        private Precision precision() {
            String text = required("precision");
            if (text.equals("exact")) {
                return new Precision.Exact();
            }
            if (text.matches("[1-9]\\d? digits?")) {
                return new Precision.Digits(Integer.parseInt(text.substring(0, text.indexOf(' '))));
            }
            throw bad("precision must be \"exact\" or a number of digits such as \"3 digits\": precision=" + text);
        }

        private String claimed(Precision precision) {
            String text = required("claimed");
            Optional<BigDecimal> number = Formulas.number(text);
            if (number.isEmpty() && !Formulas.isFormula(text)) {
                throw bad("claimed must be a number such as 2.706e11, or a formula in"
                        + " B, T, D, H, K, d, F, V, L such as 4*T*D*F: claimed=" + text);
            }
            if (precision instanceof Precision.Digits digits
                    && number.filter(it -> it.stripTrailingZeros().precision() > digits.count())
                            .isPresent()) {
                throw bad("claimed has more than " + digits.count() + " significant digits: claimed=" + text);
            }
            return text;
        }

        private List<String> parts() {
            String text = field("parts");
            if (text.isEmpty()) {
                return List.of();
            }
            List<String> parts = new ArrayList<>();
            for (String part : text.split("\\+", -1)) {
                if (part.isBlank()) {
                    throw bad("parts must be ids joined by +: parts=" + text);
                }
                parts.add(part.trim());
            }
            return parts;
        }
    }
}
