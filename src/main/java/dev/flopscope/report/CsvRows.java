package dev.flopscope.report;

import java.util.List;

/**
 * A result as rows of plain values, one meaning a column.
 *
 * @param header column names
 * @param rows values; numbers as Java prints them, without separators
 */
public record CsvRows(List<String> header, List<List<Object>> rows) {
    /** Keeps copies. */
    public CsvRows {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
    }
}
