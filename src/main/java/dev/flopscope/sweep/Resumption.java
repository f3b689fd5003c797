package dev.flopscope.sweep;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What an earlier sweep's file spares this one.
 *
 * @param rows every row of the file; none is thrown away
 * @param answered those that need no measuring again
 * @param notes why rows that look alike were not taken, one line each
 */
public record Resumption(List<SweepRow> rows, List<SweepRow> answered, List<String> notes) {
    /** Keeps copies. */
    public Resumption {
        rows = List.copyOf(rows);
        answered = List.copyOf(answered);
        notes = List.copyOf(notes);
    }

    /** Nothing to go on from. */
    public static Resumption none() {
        return new Resumption(List.of(), List.of(), List.of());
    }

    /**
     * Looks through {@code rows}.
     *
     * @param rows of the file
     * @param wanted the settings of this sweep
     * @param here where it runs
     * @param repetitions that it asks for
     */
    public static Resumption of(List<SweepRow> rows, Collection<SweepPoint> wanted, Place here, int repetitions) {
        List<SweepRow> answered = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (SweepRow row : rows) {
            if (wanted.stream().anyMatch(point -> row.answers(point, here, repetitions))) {
                answered.add(row);
            } else if (wanted.contains(row.point())) {
                notes.add(row.point().describe() + ": " + whyNot(row, here, repetitions));
            } else if (wanted.stream().anyMatch(point -> isAnotherConfig(row.point(), point))) {
                notes.add(row.point().describe() + ": is of another config of that name; measuring this one");
            }
        }
        return new Resumption(rows, answered, notes);
    }

    /** Whether the rows of the file answer {@code point}. */
    public boolean answers(SweepPoint point) {
        return answered.stream().anyMatch(row -> row.point().equals(point));
    }

    private static String whyNot(SweepRow row, Place here, int repetitions) {
        if (!row.place().sameHardware(here)) {
            return "is of " + row.place().describe() + "; measuring it on " + here.describe();
        }
        if (row.measured().isEmpty()) {
            return "was skipped; trying again";
        }
        return row.measured().filter(Measured::agrees).isEmpty()
                ? "disagreed; measuring again"
                : "has " + row.measured().orElseThrow().samples().size() + " of " + repetitions
                        + " repetitions; measuring again";
    }

    private static boolean isAnotherConfig(SweepPoint one, SweepPoint other) {
        return one.model().equals(other.model()) && !one.modelHash().equals(other.modelHash());
    }
}
