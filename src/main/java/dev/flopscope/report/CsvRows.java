package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.schema.FlatRecord;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
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
     * @param columns paths of keys with commas between them; a column is called by its path with underscores for dots
     * @param rows an object a row; where it lacks a key, there is no value
     */
    static CsvRows of(String columns, Collection<ObjectNode> rows) {
        List<String> paths = List.of(columns.split(","));
        return new CsvRows(
                paths.stream().map(path -> path.replace('.', '_')).toList(),
                rows.stream()
                        .map(row -> paths.stream()
                                .map(path -> FlatRecord.cell(row.at("/" + path.replace('.', '/'))))
                                .toList())
                        .toList());
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
