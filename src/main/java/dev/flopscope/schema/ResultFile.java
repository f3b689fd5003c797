package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * The file of a run or a profile.
 *
 * @param envelope its beginning
 * @param account what ran, with what was measured in it: its keys stand beside those of the envelope
 * @param ceilings what the machine reached with as many threads, where it was measured
 * @param rooflines the two lines that follow from the ceilings
 */
public record ResultFile(
        @JsonUnwrapped Envelope envelope,
        @JsonUnwrapped AccountRecord account,
        List<CeilingRecord> ceilings,
        List<CeilingRecord.Roofline> rooflines) {}
