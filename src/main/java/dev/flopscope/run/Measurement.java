package dev.flopscope.run;

import dev.flopscope.config.RunSpec;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.observe.Proof;
import dev.flopscope.profile.Drift;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a session measured: of one repetition or many, with or without what the machine reaches.
 *
 * @param spec what was asked for
 * @param account the closed forms that it is held against
 * @param phases what each phase gave, in their order: the prompt, and what was decoded after it, if anything was
 * @param allocatedParameters parameters found in memory
 * @param loadingNanoseconds making the weights, or reading them
 * @param preparationNanoseconds making the weights and the buffers, and whatever is made once, before the first phase
 * @param nextTokens the most likely tokens after the last position of the first sequence's prompt
 * @param machine where it ran
 * @param peakResidentBytes the most memory that the process had resident, if the system tells
 * @param began when
 * @param ceilings what the machine reaches with as many threads, if it was measured
 * @param calibration GFLOP/s of multiply-adds just before each repetition of the prompt: how fast the machine was then,
 *     whatever the program; empty if it was not measured
 * @param proof what became of proving every product, if that was asked for
 */
public record Measurement(
        RunSpec spec,
        Account account,
        List<PhaseMeasurement> phases,
        long allocatedParameters,
        long loadingNanoseconds,
        long preparationNanoseconds,
        List<Prediction> nextTokens,
        MachineInfo machine,
        OptionalLong peakResidentBytes,
        Instant began,
        Optional<Ceilings> ceilings,
        List<Double> calibration,
        Optional<Proof> proof) {
    /** Keeps copies. */
    public Measurement {
        phases = List.copyOf(phases);
        nextTokens = List.copyOf(nextTokens);
        calibration = List.copyOf(calibration);
    }

    /** The same, with what the machine reaches, measured by someone who began at {@code earlier}. */
    Measurement beside(Ceilings reached, Instant earlier) {
        return new Measurement(
                spec,
                account,
                phases,
                allocatedParameters,
                loadingNanoseconds,
                preparationNanoseconds,
                nextTokens,
                machine,
                peakResidentBytes,
                earlier,
                Optional.of(reached),
                calibration,
                proof);
    }

    /** Whether everything is as expected, and every product that was to be proven is. */
    public boolean holds() {
        return agrees() && proof.map(Proof::holds).orElse(true);
    }

    /** Whether everything counted in every repetition, and everything allocated, is as expected. */
    public boolean agrees() {
        return phases.stream().allMatch(PhaseMeasurement::agrees);
    }

    /** How the machine's own speed was beside its ceilings; none if either was not measured. */
    public Optional<Drift> drift() {
        return ceilings.filter(unused -> !calibration.isEmpty())
                .map(reached -> new Drift(reached.fusedMultiplyAdd().median(), calibration));
    }

    /** What the prompt gave. */
    public PhaseMeasurement prefill() {
        return phases.get(0);
    }

    /** What decoding gave, if anything was decoded. */
    public Optional<PhaseMeasurement> decode() {
        return phases.stream().skip(1).findFirst();
    }
}
