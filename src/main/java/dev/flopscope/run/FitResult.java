package dev.flopscope.run;

import dev.flopscope.audit.FormCheck;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.machine.MachineInfo;
import java.time.Instant;
import java.util.List;

/**
 * Formulas of a model recovered from counts.
 *
 * @param model the model
 * @param context T, at which formulas were compared as numbers
 * @param attention how attention was computed
 * @param blocks a fit for each different block
 * @param engine which library multiplied
 * @param machine where
 * @param began when
 * @param seconds how long it took
 */
public record FitResult(
        ModelConfig model,
        int context,
        Attention attention,
        List<BlockFit> blocks,
        Engine engine,
        MachineInfo machine,
        Instant began,
        double seconds) {
    /** Keeps a copy of the list. */
    public FitResult {
        blocks = List.copyOf(blocks);
    }

    /** Whether every polynomial is its closed form; where counts are no polynomial, the closed form must be none as well. */
    public boolean agrees() {
        return checks().stream().allMatch(check -> check.agrees() || check.isNoPolynomial());
    }

    /** The checks of all blocks. */
    public List<FormCheck> checks() {
        return blocks.stream()
                .flatMap(block -> block.phases().stream())
                .flatMap(phase -> phase.checks().stream())
                .toList();
    }

    /** How many small models were executed. */
    public int passes() {
        return blocks.stream().mapToInt(BlockFit::passes).sum();
    }
}
