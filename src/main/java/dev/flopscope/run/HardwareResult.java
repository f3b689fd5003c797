package dev.flopscope.run;

import dev.flopscope.config.Engine;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.CpuTopology;
import dev.flopscope.machine.MachineInfo;
import java.util.List;
import java.util.OptionalLong;

/**
 * The hardware and what it reaches.
 *
 * @param machine what a run would run on
 * @param engine what multiplies, and multiplied while measuring
 * @param topology what the processor is made of
 * @param lastLevelCacheBytes all caches before memory that this process can reach; empty if unknown
 * @param ceilings one entry a number of threads, fewest first; empty if nothing was measured
 */
public record HardwareResult(
        MachineInfo machine,
        Engine engine,
        CpuTopology topology,
        OptionalLong lastLevelCacheBytes,
        List<Ceilings> ceilings) {
    /** Keeps a copy. */
    public HardwareResult {
        ceilings = List.copyOf(ceilings);
    }
}
