package dev.flopscope.report;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/** Writes comma-separated values. */
final class CsvRenderer {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    String render(CsvRows csv) {
        StringBuilder text = new StringBuilder(line(new ArrayList<>(csv.header())));
        csv.rows().forEach(row -> text.append(line(row)));
        return text.toString();
    }

    /** One line. */
    String line(List<Object> cells) {
        return FORMAT.format(cells.toArray()) + "\n";
    }
}
