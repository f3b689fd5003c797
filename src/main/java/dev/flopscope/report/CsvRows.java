package dev.flopscope.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.commons.csv.CSVFormat;

/**
 * A result as rows of plain values, one meaning a column: comma-separated, as RFC 4180 has them but with line feeds.
 *
 * @param header column names
 * @param rows values; numbers as Java prints them, without separators
 */
public record CsvRows(List<String> header, List<List<String>> rows) {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    /** Keeps copies. */
    public CsvRows {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /**
     * Rows whose values stand in JSON objects.
     *
     * @param columns names with commas between them: of columns, and of their keys; after a colon, a path to other keys, as
     *     in {@code flops_a:/a/flops}
     * @param rows an object a row; where it lacks a key, there is no value
     */
    static CsvRows of(String columns, Collection<ObjectNode> rows) {
        List<String[]> paths = Arrays.stream(columns.split(","))
                .map(column -> column.contains(":") ? column.split(":") : new String[] {column, "/" + column})
                .toList();
        return new CsvRows(
                paths.stream().map(path -> path[0]).toList(),
                rows.stream()
                        .map(row -> paths.stream()
                                .map(path -> cell(row.at(path[1])))
                                .toList())
                        .toList());
    }

    private static String cell(JsonNode value) {
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining("+"))
                : value.asText();
    }

    /** The header and the rows. */
    String render() {
        return line(header) + rows.stream().map(CsvRows::line).collect(Collectors.joining());
    }

    /** One line. */
    static String line(List<String> cells) {
        return FORMAT.format(cells.toArray()) + "\n";
    }
}
