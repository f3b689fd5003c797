package dev.flopscope.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/** Results made up for tests. */
final class Results {
    private Results() {}

    /** A result of model {@code model} whose pass takes {@code pass} and whose kinds take {@code kinds}. */
    static SavedResult of(String model, List<Double> pass, List<List<Double>> kinds) {
        List<Timed> timed = new ArrayList<>();
        for (List<Double> samples : kinds) {
            timed.add(new Timed("kind" + timed.size(), OptionalInt.empty(), OptionalLong.of(1000), samples));
        }
        return new SavedResult(
                model + ".json",
                new TreeMap<>(java.util.Map.of("model.name", model, "batch", "1", "context", "16")),
                new TreeMap<>(),
                Optional.empty(),
                new Timed("pass", OptionalInt.empty(), OptionalLong.of(1000L * kinds.size()), pass),
                timed,
                List.of());
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
