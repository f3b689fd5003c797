package dev.flopscope.compare;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A result that {@code run} or {@code profile} saved as JSON, as far as a comparison needs it.
 *
 * @param file where it was read
 * @param work what was computed, by JSON key: the model's extents, batch, context. Results that differ here do not compare
 * @param circumstances how and where, by JSON key: attention, threads, machine, BLAS, seed
 * @param yardstick seconds of a fixed number of multiply-adds, just before each repetition: how fast the machine was,
 *     whatever the program; none if the file does not tell
 * @param pass the whole pass
 * @param kinds every kind of product, then every step between products that has times
 * @param sites every site; empty if the file has none
 * @param decode the tokens decoded after the pass, if any were
 */
public record SavedResult(
        String file,
        SortedMap<String, String> work,
        SortedMap<String, String> circumstances,
        Optional<Timed> yardstick,
        Timed pass,
        List<Timed> kinds,
        List<Timed> sites,
        Optional<Decoded> decode) {
    private static final List<String> MACHINE = List.of("machine.cpu", "machine.cores", "machine.threads");

    /** Keeps copies. */
    public SavedResult {
        work = new TreeMap<>(work);
        circumstances = new TreeMap<>(circumstances);
        kinds = List.copyOf(kinds);
        sites = List.copyOf(sites);
    }

    /**
     * What was decoded after the pass. Every name begins with {@code decode}.
     *
     * @param tokens how many tokens of each sequence
     * @param whole all of them
     * @param kinds every kind of product, then every step
     * @param sites every site; empty if the file has none
     */
    public record Decoded(long tokens, Timed whole, List<Timed> kinds, List<Timed> sites) {
        /** Keeps copies. */
        public Decoded {
            kinds = List.copyOf(kinds);
            sites = List.copyOf(sites);
        }
    }

    /** Passes that were timed. */
    public int repetitions() {
        return pass.samples().size();
    }

    /** {@code gpt2-small, batch 1, context 1024}. */
    public String describe() {
        return value(work, "model.name") + ", batch " + value(work, "batch") + ", context " + value(work, "context");
    }

    /** Whether both were measured by as many threads of the same processor. */
    boolean onTheSameMachineAs(SavedResult other) {
        return MACHINE.stream().allMatch(key -> Objects.equals(circumstances.get(key), other.circumstances.get(key)));
    }

    private static String value(Map<String, String> values, String key) {
        return values.getOrDefault(key, "unknown");
    }
}
