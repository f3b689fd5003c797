package dev.flopscope.compare;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A result that {@code run} or {@code profile} saved as JSON, as far as a comparison needs it.
 *
 * @param file where it was read
 * @param work what was computed, by JSON key: the model's extents, batch, context. Results that differ here do not compare
 * @param environment how and where, by JSON key: attention, threads, machine, BLAS, seed, decoded tokens
 * @param speedCalibration seconds of a fixed number of multiply-adds just before each repetition, which show how fast the
 *     machine was, whatever the program; none if the file does not tell
 * @param prefill the prompt
 * @param decode the tokens decoded after it, if any were; every name begins with {@code decode}
 */
public record SavedResult(
        String file,
        SortedMap<String, String> work,
        SortedMap<String, String> environment,
        Optional<Series> speedCalibration,
        PhaseTimes prefill,
        Optional<PhaseTimes> decode) {
    /** The JSON key of the number of decoded tokens. */
    static final String DECODED_TOKENS = Series.DECODE + ".steps";

    private static final List<String> MACHINE = List.of("machine.cpu", "machine.cores", "engine.threads");

    /** Keeps copies. */
    public SavedResult {
        work = new TreeMap<>(work);
        environment = new TreeMap<>(environment);
    }

    /**
     * The times of one phase.
     *
     * @param whole the whole phase
     * @param kinds every kind of product, then every operator between products that has times
     * @param sites every site; empty if the file has none
     */
    public record PhaseTimes(Series whole, List<Series> kinds, List<Series> sites) {
        /** Keeps copies. */
        public PhaseTimes {
            kinds = List.copyOf(kinds);
            sites = List.copyOf(sites);
        }
    }

    /** How often the prompt was timed. */
    public int repetitions() {
        return prefill.whole().samples().size();
    }

    /** {@code gpt2-small, batch 1, context 1024}. */
    public String describe() {
        return value("model.name") + ", batch " + value("batch") + ", context " + value("context");
    }

    private String value(String key) {
        return work.getOrDefault(key, "unknown");
    }

    /** Whether both were measured by as many threads of the same processor. */
    boolean onTheSameMachineAs(SavedResult other) {
        return MACHINE.stream().allMatch(key -> sameEnvironment(other, key));
    }

    /** Whether both decoded the same number of tokens. */
    boolean decodedAsMuchAs(SavedResult other) {
        return decode.isPresent() && other.decode.isPresent() && sameEnvironment(other, DECODED_TOKENS);
    }

    private boolean sameEnvironment(SavedResult other, String key) {
        return Objects.equals(environment.get(key), other.environment.get(key));
    }
}
