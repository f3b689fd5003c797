package dev.flopscope.run;

import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Footprint;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.backend.cpu.CpuFootprint;
import dev.flopscope.backend.cuda.CudaBackend;
import dev.flopscope.backend.cuda.CudaFootprint;
import dev.flopscope.config.Engine;
import dev.flopscope.machine.MemoryStatus;

/** The engines by name. Nothing of one is loaded when another is asked for. */
final class Engines {
    private Engines() {}

    /**
     * Starts an engine.
     *
     * @param threads of the host, where the host computes
     * @throws UnsatisfiedLinkError if its library does not exist for this system
     * @throws IllegalStateException if there is no device for it
     */
    static Backend start(Engine engine, int threads) {
        return engine.isOnGpu() ? CudaBackend.start(engine) : CpuBackend.start(engine, threads);
    }

    /** What a run by an engine takes of the memory that its tensors are in. */
    static Footprint footprint(Engine engine, int threads) {
        return engine.isOnGpu() ? new CudaFootprint() : CpuFootprint.of(engine, threads);
    }

    /** The memory that an engine's tensors are in: the host's, or a device's as it is once the engine was started. */
    static MemoryStatus memory(Engine engine) {
        if (!engine.isOnGpu()) {
            return MemoryStatus.detect();
        }
        try (CudaBackend backend = CudaBackend.start(engine)) {
            return new MemoryStatus(backend.totalBytes(), backend.freeBytes());
        }
    }
}
