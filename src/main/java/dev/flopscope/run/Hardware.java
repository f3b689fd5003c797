package dev.flopscope.run;

import dev.flopscope.config.Engine;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.tensor.Nd4jRuntime;

/** What a run would run on, with BLAS loaded as a run loads it. */
public final class Hardware {
    private Hardware() {}

    /** Starts ND4J and {@code engine} with {@code threads} threads and asks them and the machine. */
    public static MachineInfo inUse(Engine engine, int threads) {
        try (Nd4jRuntime started = Nd4jRuntime.start(threads)) {
            return MachineInfo.detect(MatmulEngine.start(engine, started).library(), threads);
        }
    }
}
