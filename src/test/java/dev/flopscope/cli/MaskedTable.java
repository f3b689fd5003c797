package dev.flopscope.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A table of a report, in whatever format, without what was measured.
 *
 * @param headers its headers
 * @param rows its rows, in an order that time does not decide
 */
record MaskedTable(List<String> headers, List<List<String>> rows) {
    private static final Pattern TOTAL = Pattern.compile("\\s*(all products|[\\d,]+ others)\\s*");

    /**
     * Masks a table.
     *
     * @param caption which table it is
     * @param headers a header a column
     * @param rows cells, as many as headers in each row; spaces around them are kept where the cell is
     */
    static MaskedTable of(String caption, List<String> headers, List<List<String>> rows) {
        List<List<String>> masked = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int column = 0; column < row.size(); column++) {
                cells.add(cell(caption, column, headers.get(column).strip(), row.get(column)));
            }
            masked.add(cells);
        }
        if (Measured.ranks(caption)) {
            // Sums stay at the end, and the sort is stable.
            masked.sort(Comparator.comparing(
                            (List<String> row) -> TOTAL.matcher(row.get(0)).matches())
                    .thenComparing(row -> TOTAL.matcher(row.get(0)).matches() ? "" : String.join(" ", row)));
        }
        return new MaskedTable(headers, masked);
    }

    private static String cell(String caption, int column, String header, String cell) {
        // A row of a sweep that was skipped says so in the place of its seconds.
        if (cell.isBlank() || cell.strip().equals("skipped")) {
            return cell;
        }
        if (header.equals("probability")) {
            return Measured.probability(cell.strip());
        }
        return Measured.column(caption, column, header) ? Measured.MASK : cell;
    }
}
