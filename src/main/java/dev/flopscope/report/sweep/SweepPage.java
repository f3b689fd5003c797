package dev.flopscope.report.sweep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.document.Document;
import dev.flopscope.document.Page;
import dev.flopscope.document.Page.Chart;
import dev.flopscope.report.record.Byline;
import dev.flopscope.schema.SweepFile;
import dev.flopscope.sweep.SweepResult;
import dev.flopscope.sweep.SweepRow;
import java.util.List;
import java.util.stream.Collectors;

/** A sweep as a web page: the document, under curves over T where there are two contexts to draw a line between. */
final class SweepPage {
    private SweepPage() {}

    static Page of(SweepResult result, Document document, ObjectNode figures) {
        long contexts = result.rows().stream()
                .filter(row -> row.measured().isPresent())
                .map(row -> row.point().context())
                .distinct()
                .count();
        return Page.of(document, Byline.of(where(result), figures), contexts < 2 ? List.of() : curves(), figures);
    }

    private static List<Chart> curves() {
        String numbers = " The table has the numbers.";
        String bars = ", both logarithmic; bars go from the fastest repetition to the slowest." + numbers;
        return List.of(
                new Chart("seconds", "Time", "Median seconds over T" + bars),
                new Chart("gflops", "FLOPs", "Counted GFLOPs over T, both logarithmic." + numbers),
                new Chart("rate", "Rate", "GFLOP/s over T" + bars));
    }

    /** Every machine and engine that measured a row, with all numbers of threads. */
    private static String where(SweepResult result) {
        String threads = result.rows().stream()
                .map(row -> row.spec().threads())
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(" and "));
        return result.rows().stream()
                .map(SweepRow::record)
                .map(row -> where(row, threads))
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private static String where(SweepFile.Row row, String threads) {
        return Byline.where(
                row.machine().cpu(),
                threads,
                row.engine().name(),
                row.engine().library(),
                row.engine().version());
    }
}
