package dev.flopscope.run;

import dev.flopscope.audit.Reconciliation;
import dev.flopscope.config.RunSpec;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.time.Times;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one counted pass gave.
 *
 * @param spec what was asked for
 * @param account the closed forms it is held against
 * @param reconciliation counted against expected, site by site
 * @param kinds the same by kind, with times
 * @param allocatedParameters parameters found in memory
 * @param times where the time of the pass went
 * @param wallNanoseconds the pass, from the embedding to the last logit
 * @param preparationNanoseconds making the weights and the buffers, before the pass
 * @param predictions the most likely tokens after the last position of the first sequence
 * @param machine where it ran
 * @param peakResidentBytes the most memory the process had resident, if the system tells
 * @param decode what decoding tokens after the pass gave, if any were asked for
 */
public record RunResult(
        RunSpec spec,
        Account account,
        Reconciliation reconciliation,
        List<KindResult> kinds,
        Times times,
        long allocatedParameters,
        long wallNanoseconds,
        long preparationNanoseconds,
        List<Prediction> predictions,
        MachineInfo machine,
        OptionalLong peakResidentBytes,
        Optional<DecodeResult> decode) {
    /** Keeps copies. */
    public RunResult {
        kinds = List.copyOf(kinds);
        predictions = List.copyOf(predictions);
    }

    /** Whether everything counted and allocated is as expected. */
    public boolean agrees() {
        return reconciliation.agrees() && decode.map(DecodeResult::agrees).orElse(true);
    }

    /** Nanoseconds inside products. */
    public long matmulNanoseconds() {
        return times.allProducts();
    }

    /** Nanoseconds of the pass that are neither in a product, nor in a step between products, nor waiting. */
    public long unexplainedNanoseconds() {
        return wallNanoseconds - times.explained();
    }

    /** Counted FLOPs over the wall time of the pass, in 10⁹ a second. */
    public double gflopsPerSecond() {
        return wallNanoseconds == 0 ? 0 : (double) reconciliation.countedFlops() / wallNanoseconds;
    }
}
