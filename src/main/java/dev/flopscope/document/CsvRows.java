package dev.flopscope.document;

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

    /** A line each of {@code rows}. */
    public static <T> CsvRows of(List<Column<T>> columns, Collection<T> rows) {
        return new CsvRows(
                columns.stream().map(Column::key).toList(),
                rows.stream()
                        .map(row -> Table.cells(columns, row).stream()
                                .map(cell -> FlatRecord.cell(cell.value()))
                                .toList())
                        .toList());
    }

    /** The header and the rows. */
    String render() {
        return line(header) + rows.stream().map(CsvRows::line).collect(Collectors.joining());
    }

    /** One line. */
    public static String line(List<String> cells) {
        return FORMAT.format(cells.toArray()) + "\n";
    }
}
