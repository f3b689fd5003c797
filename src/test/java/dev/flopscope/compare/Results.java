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
                List.of(),
                Optional.empty());
    }

    /** The same with {@code tokens} tokens decoded, which take {@code whole}, in one kind of product. */
    static SavedResult decoding(SavedResult result, long tokens, List<Double> whole) {
        Timed kind = new Timed("decode kind0", OptionalInt.empty(), OptionalLong.of(10 * tokens), whole);
        Timed site = new Timed("decode kind0", OptionalInt.of(1), OptionalLong.of(10 * tokens), whole);
        return new SavedResult(
                result.file(),
                result.work(),
                result.circumstances(),
                result.yardstick(),
                result.pass(),
                result.kinds(),
                result.sites(),
                Optional.of(new SavedResult.Decoded(
                        tokens,
                        new Timed("decode", OptionalInt.empty(), OptionalLong.of(10 * tokens), whole),
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
