package dev.flopscope.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** Masks CSV by column; cells keep their quotes. */
final class CsvMask {
    /** A comma with an even number of quotes after it is in no cell. */
    private static final Pattern COMMA = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

    private CsvMask() {}

    static String mask(String csv) {
        List<String> lines = new ArrayList<>(csv.lines().toList());
        List<String> columns = cells(lines.get(0));
        List<String> masked = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            masked.add(row(columns, cells(line)));
        }
        if (columns.contains("excess_seconds")) {
            sortPhases(masked);
        }
        masked.add(0, lines.get(0));
        return String.join("\n", masked) + (csv.endsWith("\n") ? "\n" : "");
    }

    private static List<String> cells(String line) {
        return List.of(COMMA.split(line, -1));
    }

    private static String row(List<String> columns, List<String> cells) {
        List<String> masked = new ArrayList<>();
        for (int column = 0; column < cells.size(); column++) {
            masked.add(cell(columns.get(column), cells.get(column)));
        }
        return String.join(",", masked);
    }

    private static String cell(String column, String cell) {
        if (column.equals("skipped")) {
            return Measured.sentence(cell).orElse(Measured.MASK);
        }
        return Measured.key(column) && !cell.isEmpty() ? Measured.MASK : cell;
    }

    /** Time decides the order of products within a phase, which is the last column. */
    private static void sortPhases(List<String> lines) {
        int start = 0;
        for (int line = 1; line <= lines.size(); line++) {
            if (line == lines.size() || !phase(lines.get(line)).equals(phase(lines.get(start)))) {
                Collections.sort(lines.subList(start, line));
                start = line;
            }
        }
    }

    private static String phase(String line) {
        return line.substring(line.lastIndexOf(',') + 1);
    }
}
