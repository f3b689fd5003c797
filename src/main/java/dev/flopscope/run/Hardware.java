package dev.flopscope.run;

import dev.flopscope.machine.MachineInfo;
import dev.flopscope.tensor.Nd4jRuntime;

/** What a run would run on, with BLAS loaded as a run loads it. */
public final class Hardware {
    private Hardware() {}

    /** Starts ND4J with {@code threads} threads and asks it and the machine. */
    public static MachineInfo inUse(int threads) {
        try (Nd4jRuntime started = Nd4jRuntime.start(threads)) {
            return MachineInfo.detect(started.workers().threads());
        }
    }
}
