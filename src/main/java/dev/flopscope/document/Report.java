package dev.flopscope.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A result that can be shown to people and to programs. */
public interface Report {
    /** For people. */
    Document document();

    /** For browsers: the document, with charts of what a person would rather look at than read. */
    Page page();

    /** For spreadsheets. */
    CsvRows rows();

    /**
     * For programs that read row by row.
     *
     * @throws UnsupportedOperationException if the report is not a list of rows
     */
    default List<ObjectNode> lines() {
        throw new UnsupportedOperationException("no JSON lines: this report is not a list of rows");
    }

    /**
     * For programs; numbers are plain.
     *
     * @param commandLine the words that asked for it
     */
    ObjectNode json(List<String> commandLine);
}
