package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A result that can be shown to people and to programs. */
public interface Report {
    /** For people. */
    Document document();

    /** For browsers; the document, unless a report has more to show there. */
    default Page page() {
        return Page.of(document());
    }

    /** For spreadsheets. */
    CsvRows rows();

    /** For programs; numbers are plain. */
    ObjectNode json();
}
