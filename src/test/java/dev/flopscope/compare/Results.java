package dev.flopscope.compare;

import dev.flopscope.compare.SavedResult.PhaseTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/** Results made up for tests. */
final class Results {
    private Results() {}

    /** A result of model {@code model} whose pass takes {@code pass} and whose kinds take {@code kinds}. */
    static SavedResult of(String model, List<Double> pass, List<List<Double>> kinds) {
        List<Series> series = new ArrayList<>();
        for (List<Double> samples : kinds) {
            series.add(new Series("kind" + series.size(), OptionalInt.empty(), OptionalLong.of(1000), samples));
        }
        return new SavedResult(
                model + ".json",
                new TreeMap<>(Map.of("model.name", model, "batch", "1", "context", "16")),
                new TreeMap<>(),
                Optional.empty(),
                new PhaseTimes(
                        new Series("pass", OptionalInt.empty(), OptionalLong.of(1000L * kinds.size()), pass),
                        series,
                        List.of()),
                Optional.empty());
    }

    /** The same with sites. */
    static SavedResult withSites(SavedResult result, List<Series> sites) {
        return new SavedResult(
                result.file(),
                result.work(),
                result.environment(),
                result.speedCalibration(),
                new PhaseTimes(result.prefill().whole(), result.prefill().kinds(), sites),
                result.decode());
    }

    /** The same with {@code tokens} tokens decoded, which take {@code whole}, in one kind of product. */
    static SavedResult decoding(SavedResult result, long tokens, List<Double> whole) {
        Series kind = new Series("decode kind0", OptionalInt.empty(), OptionalLong.of(10 * tokens), whole);
        Series site = new Series("decode kind0", OptionalInt.of(1), OptionalLong.of(10 * tokens), whole);
        SortedMap<String, String> environment = new TreeMap<>(result.environment());
        environment.put("decode.steps", String.valueOf(tokens));
        return new SavedResult(
                result.file(),
                result.work(),
                environment,
                result.speedCalibration(),
                result.prefill(),
                Optional.of(new PhaseTimes(
                        new Series("decode", OptionalInt.empty(), OptionalLong.of(10 * tokens), whole),
                        List.of(kind),
                        List.of(site))));
    }

    /** {@code count} samples of {@code noise}. */
    static List<Double> samples(int count, DoubleSupplier noise) {
        List<Double> samples = new ArrayList<>();
        for (int sample = 0; sample < count; sample++) {
            samples.add(noise.getAsDouble());
        }
        return samples;
    }
}
