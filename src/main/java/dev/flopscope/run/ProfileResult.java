package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.config.RunSpec;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.profile.Profile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What profiling one pass, and what was decoded after it, gave.
 *
 * @param spec what was asked for
 * @param account the closed forms it is held against
 * @param reconciliations counted against expected, one for each repetition
 * @param profile samples, and what the machine reaches
 * @param yardstick GFLOP/s of multiply-adds just before each repetition: how fast the machine was then, whatever the program
 * @param allocatedParameters parameters found in memory
 * @param preparationNanoseconds making the weights and the buffers
 * @param machine where it ran
 * @param peakResidentBytes the most memory the process had resident, if the system tells
 * @param began when
 * @param decode what decoding tokens after the pass gave, if any were asked for
 */
public record ProfileResult(
        RunSpec spec,
        Account account,
        List<Reconciliation> reconciliations,
        Profile profile,
        List<Double> yardstick,
        long allocatedParameters,
        long preparationNanoseconds,
        MachineInfo machine,
        OptionalLong peakResidentBytes,
        Instant began,
        Optional<DecodeProfile> decode) {
    /** Keeps copies. */
    public ProfileResult {
        reconciliations = List.copyOf(reconciliations);
        yardstick = List.copyOf(yardstick);
    }

    /** Whether everything counted in every repetition, and everything allocated, is as expected. */
    public boolean agrees() {
        return reconciliations.stream().allMatch(Reconciliation::agrees)
                && decode.map(DecodeProfile::agrees).orElse(true);
    }

    /** The reconciliation to show: the first that disagrees, or the first. */
    public Reconciliation reconciliation() {
        return reconciliations.stream()
                .filter(reconciliation -> !reconciliation.agrees())
                .findFirst()
                .orElse(reconciliations.get(0));
    }
}
