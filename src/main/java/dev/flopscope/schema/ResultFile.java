package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * The file of an account, a run or a profile.
 *
 * @param envelope its beginning
 * @param accounts one or several; one where something ran, with what was measured in it
 * @param ceilings what the machine reached with as many threads, where it was measured
 * @param rooflines the two lines that follow from the ceilings
 */
public record ResultFile(
        @JsonUnwrapped Envelope envelope,
        List<AccountRecord> accounts,
        List<CeilingRecord> ceilings,
        List<CeilingRecord.Roofline> rooflines) {}
