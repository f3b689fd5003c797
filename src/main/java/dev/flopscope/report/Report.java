package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A result that can be shown to people and to programs. */
public interface Report {
    /** For people. */
    Document document();

    /** For spreadsheets. */
    CsvRows rows();

    /** For programs; numbers are plain. */
    ObjectNode json();
}
