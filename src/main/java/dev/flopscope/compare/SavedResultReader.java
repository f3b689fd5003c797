package dev.flopscope.compare;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flopscope.config.BadDataException;
import dev.flopscope.schema.AccountRecord;
import dev.flopscope.schema.Envelope;
import dev.flopscope.schema.Json;
import dev.flopscope.schema.PhaseRecord;
import dev.flopscope.schema.PhaseRecord.Figures;
import dev.flopscope.schema.PhaseRecord.Outcome;
import dev.flopscope.schema.PhaseRecord.Repetitions;
import dev.flopscope.schema.PhaseRecord.Site;
import dev.flopscope.schema.ResultFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of {@code run} and {@code profile}. It ignores keys that a comparison does not need. */
public final class SavedResultReader {
    private static final List<String> WORK = List.of("model", "batch", "context", "logits");
    private static final List<String> ENVIRONMENT =
            List.of("attention", "chunk", "weights", "seed", "engine", "machine", "flopscope");
    /** What differs from one run to the next without being a difference, or follows from what is listed. */
    private static final Set<String> LEFT_OUT = Set.of("machine.memory_available_bytes", "attention.useful_flops");

    /**
     * Reads one result.
     *
     * @param file where the text came from, for messages
     * @param text the JSON
     * @throws BadDataException if it is no JSON, or lacks or garbles what a comparison needs; names file, key and value
     */
    public SavedResult read(String file, String text) {
        JsonNode root = Json.tree(file, text);
        if (root.path("schema_version").asInt() != Envelope.VERSION || !root.has("agrees")) {
            throw new BadDataException(
                    file,
                    root.has("sites") && root.has("seconds")
                            ? "was written by an earlier version; run or profile again"
                            : "is not the JSON of one run or profile (--format json)");
        }
        AccountRecord account = Json.read(file, root, ResultFile.class, ".").account();
        SortedMap<String, String> environment = leaves(root, ENVIRONMENT);
        List<SavedResult.PhaseTimes> phases = new ArrayList<>();
        for (PhaseRecord phase : account.phases()) {
            String key = "phases[" + phases.size() + "]";
            phases.add(new Phase(file, key, phase, phases.isEmpty() ? "" : Series.DECODE + " ").times());
            if (phases.size() > 1) {
                environment.put(SavedResult.DECODED_TOKENS, String.valueOf(phase.steps()));
            }
        }
        if (phases.isEmpty() || phases.get(0).kinds().isEmpty()) {
            throw new BadDataException(file, "phases[0].sites is missing");
        }
        return new SavedResult(
                file,
                leaves(root, WORK),
                environment,
                calibration(account.calibrationGflopsPerSecondSamples()),
                phases.get(0),
                phases.stream().skip(1).findFirst());
    }

    private static SortedMap<String, String> leaves(JsonNode root, List<String> keys) {
        SortedMap<String, String> leaves = new TreeMap<>();
        keys.stream().filter(root::has).forEach(key -> addLeaves(key, root.get(key), leaves));
        return leaves;
    }

    private static void addLeaves(String key, JsonNode value, SortedMap<String, String> leaves) {
        if (value.isObject()) {
            value.properties().forEach(entry -> addLeaves(key + "." + entry.getKey(), entry.getValue(), leaves));
        } else if (!LEFT_OUT.contains(key)) {
            leaves.put(key, value.isValueNode() ? value.asText() : value.toString());
        }
    }

    /** Seconds of a GFLOP. */
    private static Optional<Series> calibration(List<Double> rates) {
        return rates.isEmpty()
                ? Optional.empty()
                : Optional.of(new Series(
                        "speed calibration",
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        rates.stream().map(rate -> 1 / rate).toList()));
    }

    /**
     * The times of one phase.
     *
     * @param file the file, for messages
     * @param key its key, for messages
     * @param record the phase
     * @param before what the names of its kinds begin with: nothing, or a word and a blank
     */
    private record Phase(String file, String key, PhaseRecord record, String before) {
        SavedResult.PhaseTimes times() {
            Outcome outcome = required("seconds", record.outcome());
            @Nullable Repetitions repeated = record.repeated();
            List<Series> kinds = new ArrayList<>(series("sites", record.sites()));
            outcome.stepsBetween()
                    .forEach(step -> kinds.add(new Series(
                            before + step.name(),
                            OptionalInt.empty(),
                            OptionalLong.empty(),
                            samples(step.samples(), step.seconds()))));
            return new SavedResult.PhaseTimes(
                    new Series(
                            before.isEmpty() ? "pass" : before.strip(),
                            OptionalInt.empty(),
                            OptionalLong.of(
                                    required("flops.counted", record.flops().counted())),
                            samples(
                                    repeated == null ? List.of() : repeated.wallSamples(),
                                    required("seconds", outcome.seconds()).wall())),
                    kinds,
                    repeated == null ? List.of() : series("by_site", repeated.bySite()));
        }

        private List<Series> series(String name, List<Site> sites) {
            List<Series> series = new ArrayList<>();
            for (Site site : sites) {
                String row = name + "[" + series.size() + "].";
                Figures figures = required(row + "seconds", site.figures());
                series.add(new Series(
                        before + required(row + "kind", site.kind()),
                        site.layer() == null ? OptionalInt.empty() : OptionalInt.of(site.layer()),
                        OptionalLong.of(required(row + "counted", site.counted())),
                        samples(figures.samples(), required(row + "seconds", figures.seconds()))));
            }
            return series;
        }

        private <T> T required(String name, @Nullable T value) {
            return Json.required(file, key + "." + name, value);
        }

        /** The seconds of every repetition; of a file without repetitions, the one. */
        private static List<Double> samples(List<Double> many, double one) {
            return many.isEmpty() ? List.of(one) : many;
        }
    }
}
