package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.profile.Limit;
import dev.flopscope.profile.Profile;
import dev.flopscope.profile.Repetition;
import dev.flopscope.profile.WarmUp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What measuring one phase gave: a prompt, or the tokens decoded after it.
 *
 * @param account the closed forms that it is held against
 * @param preparationNanoseconds making ready, before the first phase was run, what this one needs and is made once
 * @param warmUp the repetitions before the measured ones, of which there may be none
 * @param repetitions what was measured, in order, at least one
 * @param counts what was counted in the first repetition; where another's counts differ, its reconciliation says so
 * @param reconciliations counted against expected, one for each repetition; sizes are in those of the first phase
 * @param ids the tokens that were decoded, a list a sequence and repetition: {@code ids.get(repetition).get(sequence)}; empty
 *     lists for a prompt
 * @param text what the first sequence's decoded tokens say, if the prompt was text
 * @param fromCaches whether the caches could hold all weights from one forward pass to the next
 */
public record PhaseMeasurement(
        PhaseAccount account,
        long preparationNanoseconds,
        WarmUp warmUp,
        List<Repetition> repetitions,
        SortedMap<MatmulSite, SiteCount> counts,
        List<Reconciliation> reconciliations,
        List<List<List<Integer>>> ids,
        Optional<String> text,
        boolean fromCaches) {
    private static final double NANOSECONDS = 1e9;

    /** Keeps copies. */
    public PhaseMeasurement {
        repetitions = List.copyOf(repetitions);
        reconciliations = List.copyOf(reconciliations);
        ids = List.copyOf(ids);
    }

    /** Whether everything is as expected in every repetition. */
    public boolean agrees() {
        return disagreements().isEmpty();
    }

    /** The reconciliation to show: the first that disagrees, or the first. */
    public Reconciliation reconciliation() {
        return reconciliations.stream()
                .filter(reconciliation -> !reconciliation.agrees())
                .findFirst()
                .orElse(reconciliations.get(0));
    }

    /** A line for everything that is not as expected in the first repetition where anything is not. */
    public List<String> disagreements() {
        for (int repetition = 0; repetition < repetitions.size(); repetition++) {
            List<String> lines = new ArrayList<>(reconciliations.get(repetition).disagreements());
            if (!ids.get(repetition).equals(ids.get(0))) {
                lines.add("repetition " + (repetition + 1) + " decoded other tokens than the first");
            }
            if (!lines.isEmpty()) {
                return lines;
            }
        }
        return List.of();
    }

    /** How many things were held against what is expected in one repetition. */
    public long checks() {
        return reconciliations.get(0).checks() + (ids.get(0).isEmpty() ? 0 : 1);
    }

    /** Whether it is the tokens decoded after the prompt. */
    public boolean isDecoding() {
        return account.phase().name() == Phase.Name.DECODE;
    }

    /** Whether more bytes a second seem to have come from memory than the best measured: then one of the two is wrong. */
    public boolean isAboveMemory(Ceilings ceilings) {
        return !fromCaches && bytesPerSecond() > ceilings.memoryPeak().value();
    }

    /** The repetition whose wall time is nearest to the median: its parts add up, where medians of parts need not. */
    public Repetition typical() {
        return Profile.typical(repetitions);
    }

    /** Counted and timed by kind; times are of the typical repetition. */
    public List<KindResult> kinds() {
        return account.kinds().stream()
                .map(expected ->
                        KindResult.of(expected, reconciliation(), typical().times()))
                .toList();
    }

    /** The tokens that were decoded in the first repetition, a list a sequence; empty for a prompt. */
    public List<List<Integer>> decoded() {
        return ids.get(0);
    }

    /** FLOPs that were counted in one repetition. */
    public long countedFlops() {
        return reconciliation().countedFlops();
    }

    /** Compulsory traffic of what was counted in one repetition, in bytes. */
    public long compulsoryBytes() {
        return reconciliation().countedCompulsoryBytes();
    }

    /** FLOPs for each byte of compulsory traffic. */
    public double intensity() {
        return (double) countedFlops() / compulsoryBytes();
    }

    /** Compulsory traffic over the time inside products, in the typical repetition. */
    public double bytesPerSecond() {
        long inside = typical().times().allProducts();
        return inside == 0 ? 0 : NANOSECONDS * compulsoryBytes() / inside;
    }

    /** New tokens of all sequences together. */
    public long tokens() {
        return Math.multiplyExact(
                (long) account.phase().batch(), account.phase().tokens());
    }

    /** New tokens of all sequences together in a second of the typical repetition. */
    public double tokensPerSecond() {
        long wall = typical().wallNanoseconds();
        return wall == 0 ? 0 : NANOSECONDS * tokens() / wall;
    }

    /** Its samples beside what the machine reaches. Weights that come from memory for each forward pass limit decoding. */
    public Profile profile(Ceilings ceilings) {
        Limit decoding = fromCaches ? Limit.CACHES : Limit.MEMORY;
        return new Profile(counts, repetitions, warmUp, ceilings, decoded().isEmpty() ? Limit.SHAPE_CLASS : decoding);
    }
}
