package dev.flopscope.report.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.compare.ResultComparison;
import dev.flopscope.compare.SavedResult;
import dev.flopscope.document.Document;
import dev.flopscope.document.Figures;
import dev.flopscope.document.Page;
import dev.flopscope.document.Page.Chart;
import dev.flopscope.report.record.Byline;
import java.util.List;

/** A comparison as a web page: the factors and their intervals around 1, then the document's tables. */
final class ComparePage {
    private ComparePage() {}

    static Page of(ResultComparison comparison, Document document, ObjectNode figures) {
        return Page.of(
                document,
                Byline.of(where(comparison), figures),
                comparison.comparable()
                        ? List.of(new Chart(
                                "intervals",
                                "How many times as long B takes",
                                "A mark is the factor, a line its interval, and the shaded band the margin of "
                                        + Figures.percent(comparison.margin())
                                        + " within which no change is called one. Left of 1 is faster, right of it slower."
                                        + " The table has the numbers."))
                        : List.of(),
                figures);
    }

    private static String where(ResultComparison comparison) {
        String a = where(comparison.a());
        String b = where(comparison.b());
        return a.equals(b) ? "A and B: " + a : "A: " + a + " · B: " + b;
    }

    private static String where(SavedResult result) {
        return Byline.where(
                value(result, "machine.cpu"),
                value(result, "engine.threads"),
                value(result, "engine.name"),
                value(result, "engine.library"),
                value(result, "engine.version"));
    }

    private static String value(SavedResult result, String key) {
        return result.environment().getOrDefault(key, "unknown");
    }
}
