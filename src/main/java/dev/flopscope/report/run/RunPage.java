package dev.flopscope.report.run;

import dev.flopscope.document.Page.Chart;
import java.util.List;

/** The charts of a run: a pair of bars for each kind of product, in each phase. */
final class RunPage {
    private RunPage() {}

    static List<Chart> charts(List<PhaseWords> phases) {
        return phases.stream()
                .map(phase -> phase.isDecoding()
                        ? shares("shares-decode", "Share of FLOPs against share of time, decoding")
                        : shares("shares", "Share of FLOPs against share of time"))
                .toList();
    }

    private static Chart shares(String name, String heading) {
        return new Chart(
                name,
                heading,
                "For each kind of product, the part of the FLOPs that it has beside the part of the time that it took; what"
                        + " takes more of the time than of the FLOPs is slower than the rest. The table of times has the"
                        + " numbers.");
    }
}
