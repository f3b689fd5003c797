package dev.flopscope.claims;

import dev.flopscope.config.BadDataException;
import dev.flopscope.polynomial.Formula;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads claims: from CSV files with the columns {@code id, model, context, quantity, claimed, precision} in any order, if wanted {@code parts}, {@code batch} and {@code decode}, and others that are ignored, one claim a line, comments from a {@code #} at the start of a line; or
 * from statements such as {@code total = 2*T*D*V}.
 */
public final class ClaimsFile {
    private static final List<String> REQUIRED = List.of("id", "model", "context", "quantity", "claimed", "precision");

    private static final Pattern STATEMENT =
            Pattern.compile("\\s*([^=\\s][^=]*?)\\s*=\\s*(.*?)(?:\\s+to\\s+(\\d+ digits?))?\\s*", Pattern.DOTALL);

    /** A number with a decimal point or an exponent, with digits enough for a {@link Precision}. */
    private static final Pattern ROUNDED =
            Pattern.compile("(?=.*[.eE])-?\\d{1,40}(?:[.]\\d{0,40})?(?:[eE][+-]?\\d{1,4})?");

    private static final int MOST_SHOWN = 60;

    /** One that is off is held against every convention, which takes hundredths of a second. */
    private static final int MOST_CLAIMS = 1_000;

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

    /**
     * Reads statements about one model.
     *
     * @param source where they came from, for messages
     * @param model a shipped model's name or the path of a config
     * @param context T, at least 1
     * @param statements each {@code QUANTITY = NUMBER} or {@code QUANTITY = FORMULA}; whole numbers and formulas are exact,
     *     {@code 2.26e12} is given to its 3 digits, and {@code to 2 digits} at the end says otherwise
     * @return the claims in their order, called by their quantities
     * @throws BadDataException if one is no such statement
     */
    public static List<Claim> statements(String source, String model, int context, List<String> statements) {
        return statements(source, model, 1, context, OptionalInt.empty(), statements);
    }

    /**
     * The same of any run.
     *
     * @param batch B, at least 1
     * @param decode G, tokens decoded after the prompt; empty if none are
     */
    public static List<Claim> statements(
            String source, String model, int batch, int context, OptionalInt decode, List<String> statements) {
        List<Claim> claims = new ArrayList<>();
        Map<String, Integer> times = new HashMap<>();
        for (String statement : statements) {
            Matcher parts = STATEMENT.matcher(statement);
            if (!parts.matches()) {
                throw new BadDataException(
                        source,
                        "must be QUANTITY = NUMBER or QUANTITY = FORMULA, such as 'lm_head = 2*T*D*V': "
                                + shown(statement));
            }
            String quantity = parts.group(1);
            int time = times.merge(quantity, 1, Integer::sum);
            Map<String, String> fields = Map.of(
                    "id",
                    time == 1 ? quantity : quantity + "#" + time,
                    "model",
                    model,
                    "context",
                    String.valueOf(context),
                    "quantity",
                    quantity,
                    "claimed",
                    parts.group(2),
                    "precision",
                    parts.group(3) == null ? precision(parts.group(2)) : parts.group(3),
                    "batch",
                    String.valueOf(batch),
                    "decode",
                    decode.isPresent() ? String.valueOf(decode.getAsInt()) : "");
            claims.add(new Row(source, claims.size() + 1L, fields).claim());
        }
        return claims;
    }

    /** Nobody writes 2.26e12 and means a number that ends in ten zeros; a whole number is meant to the last digit. */
    private static String precision(String claimed) {
        return ROUNDED.matcher(claimed).matches() ? new BigDecimal(claimed).precision() + " digits" : "exact";
    }

    private static List<Row> rows(String source, String text) {
        List<Row> rows = new ArrayList<>();
        List<String> header = List.of();
        try (CSVParser parser = CSVParser.parse(text.startsWith("\uFEFF") ? text.substring(1) : text, FORMAT)) {
            for (CSVRecord csv : parser) {
                long line = parser.getCurrentLineNumber();
                if (header.isEmpty()) {
                    header = csv.toList();
                    requireHeader(source + ":" + line, header);
                } else {
                    rows.add(row(source, line, header, csv.toList()));
                    if (rows.size() > MOST_CLAIMS) {
                        throw new BadDataException(source, "has more than " + MOST_CLAIMS + " claims");
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // Commons CSV says which of its classes found the fault, and then what it is.
            String problem = String.valueOf(e.getMessage()).replaceFirst("^\\S*Exception: ", "");
            throw new BadDataException(source, "not valid CSV: " + problem, e);
        }
        if (header.isEmpty()) {
            throw new BadDataException(source, "is empty; the first line must have the columns " + columns());
        }
        return rows;
    }

    private static void requireHeader(String where, List<String> header) {
        Set<String> different = new HashSet<>(header);
        for (String column : REQUIRED) {
            if (!different.contains(column)) {
                throw new BadDataException(
                        where,
                        "the first line must have the columns " + columns() + "; it lacks " + column + ": "
                                + shown(String.join(",", header)));
            }
        }
        if (different.size() < header.size()) {
            throw new BadDataException(where, "a column occurs twice: " + shown(String.join(",", header)));
        }
    }

    private static String columns() {
        return String.join(",", REQUIRED) + " and may have parts";
    }

    private static Row row(String source, long line, List<String> header, List<String> cells) {
        if (cells.size() != header.size()) {
            throw new BadDataException(
                    source + ":" + line, "must have " + header.size() + " columns, has " + cells.size());
        }
        Map<String, String> fields = new HashMap<>();
        for (int column = 0; column < cells.size(); column++) {
            fields.put(header.get(column), cells.get(column));
        }
        return new Row(source, line, fields);
    }

    /** The beginning of what was read, in one line without control characters. */
    static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}+", " ");
        return clean.length() <= MOST_SHOWN ? clean : clean.substring(0, MOST_SHOWN) + "…";
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
        return "unknown quantity=" + shown(name) + "; known are "
                + String.join(", ", Quantities.meanings().keySet());
    }

    /** One claim, each field read with its form checked. */
    private record Row(String source, long line, Map<String, String> fields) {

        BadDataException bad(String message) {
            return new BadDataException(source + ":" + line, message);
        }

        Claim claim() {
            Precision precision = precision();
            return new Claim(
                    source,
                    line,
                    required("id"),
                    required("model"),
                    field("batch").isEmpty() ? 1 : extent("batch"),
                    extent("context"),
                    field("decode").isEmpty() ? OptionalInt.empty() : OptionalInt.of(extent("decode")),
                    quantity(),
                    claimed(precision),
                    precision,
                    parts());
        }

        private String field(String column) {
            return fields.getOrDefault(column, "");
        }

        private String required(String column) {
            String value = field(column);
            if (value.isEmpty()) {
                throw bad(column + " is missing");
            }
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw bad(column + " must be one line without control characters: " + column + "=" + shown(value));
            }
            return value;
        }

        private int extent(String column) {
            String text = required(column);
            try {
                int extent = Integer.parseInt(text);
                if (extent >= 1) {
                    return extent;
                }
            } catch (NumberFormatException e) {
                // Falls through to the one message for every bad extent.
            }
            throw bad(
                    column + " must be an integer from 1 to " + Integer.MAX_VALUE + ": " + column + "=" + shown(text));
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
            throw bad(
                    "precision must be \"exact\" or a number of digits such as \"3 digits\": precision=" + shown(text));
        }

        private String claimed(Precision precision) {
            String text = required("claimed");
            try {
                Formula.parse(text, Quantities.LETTERS);
            } catch (IllegalArgumentException e) {
                throw bad("claimed must be a number such as 2.706e11 or a formula such as 4*T*D*F, but "
                        + e.getMessage() + ": claimed=" + shown(text));
            }
            if (precision instanceof Precision.Digits digits
                    && Formula.number(text)
                            .filter(it -> it.stripTrailingZeros().precision() > digits.count())
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
                    throw bad("parts must be ids joined by +: parts=" + shown(text));
                }
                parts.add(part.trim());
            }
            return parts;
        }
    }
}
