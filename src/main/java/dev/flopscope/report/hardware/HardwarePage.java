package dev.flopscope.report.hardware;

import dev.flopscope.document.Page.Chart;
import java.util.List;

/** The chart of the hardware: the roofline of what was measured. */
final class HardwarePage {
    private HardwarePage() {}

    /** Of {@code threadCounts} rooflines; none where nothing was measured. */
    static List<Chart> charts(int threadCounts) {
        return threadCounts == 0
                ? List.of()
                : List.of(new Chart(
                        "ceilings",
                        "Roofline: GFLOP/s over FLOPs for each byte, both logarithmic",
                        "The thick line is the most that was reached: what memory moves at best, then the fastest that"
                                + " anything computed. Thin lines are the other rates of memory and of multiply-adds, at best. A"
                                + " mark is the median of a product of one class of shape"
                                + (threadCounts > 1 ? ", filled with all threads and hollow with fewer" : "")
                                + ". The tables have the numbers."));
    }
}
