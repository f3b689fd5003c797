package dev.flopscope.sweep;

import dev.flopscope.config.ModelConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the file of an earlier sweep spares this one.
 *
 * @param rows every row of the file; none is thrown away
 * @param answered those that need not be measured again
 * @param notes why rows that look alike were not taken over, one line each
 */
public record Resumption(List<SweepRow> rows, List<SweepRow> answered, List<String> notes) {
    /** Keeps copies. */
    public Resumption {
        rows = List.copyOf(rows);
        answered = List.copyOf(answered);
        notes = List.copyOf(notes);
    }

    /** A sweep that has no earlier file. */
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
    public static Resumption of(List<SweepRow> rows, Collection<SweepPoint> wanted, Environment here, int repetitions) {
        Set<SweepPoint> points = Set.copyOf(wanted);
        Set<ModelConfig> models =
                wanted.stream().map(point -> point.spec().model()).collect(Collectors.toSet());
        List<SweepRow> answered = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (SweepRow row : rows) {
            if (!points.contains(row.point())) {
                if (isAnotherConfig(row.spec().model(), models)) {
                    notes.add(row.point().describe() + ": is of another config of that name; measuring this one");
                }
            } else if (row.suffices(here, repetitions)) {
                answered.add(row);
            } else {
                notes.add(row.point().describe() + ": " + whyNot(row, here, repetitions));
            }
        }
        return new Resumption(rows, answered, notes);
    }

    /** Those of {@code points} that the file does not answer, in their order. */
    public List<SweepPoint> left(Collection<SweepPoint> points) {
        Set<SweepPoint> known = answered.stream().map(SweepRow::point).collect(Collectors.toSet());
        return points.stream().filter(point -> !known.contains(point)).toList();
    }

    private static String whyNot(SweepRow row, Environment here, int repetitions) {
        if (!row.environment().sameHardware(here)) {
            return "is of " + row.environment().describe() + "; measuring it on " + here.describe();
        }
        if (row.measured().isEmpty()) {
            return "was skipped; trying again";
        }
        Measured measured = row.measured().get();
        return measured.agrees()
                ? "has " + measured.all().samples().size() + " of " + repetitions + " repetitions; measuring again"
                : "disagreed; measuring again";
    }

    private static boolean isAnotherConfig(ModelConfig model, Set<ModelConfig> wanted) {
        return !wanted.contains(model)
                && wanted.stream().anyMatch(other -> other.name().equals(model.name()));
    }
}
