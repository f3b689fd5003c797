package dev.flopscope.backend;

import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.config.Engine;
import java.util.List;
import java.util.function.Supplier;

/** Every implementation of the boundary, for tests that all of them must pass. */
public final class Backends {
    /** oneDNN and OpenBLAS with one thread and with several, and plain loops. */
    public static final List<Kind> ALL = List.of(
            cpu(Engine.ONEDNN, 1),
            cpu(Engine.ONEDNN, 3),
            cpu(Engine.OPENBLAS, 1),
            cpu(Engine.OPENBLAS, 3),
            new Kind("loops", 1, ArrayBackend::new));

    private Backends() {}

    /**
     * A way to start a backend.
     *
     * @param name the engine and its threads
     * @param threads how many threads may multiply in parallel
     * @param start starts it; who does, closes it
     */
    public record Kind(String name, int threads, Supplier<Backend> start) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** One of the engines on this CPU. */
    public static Kind cpu(Engine engine, int threads) {
        return new Kind(
                engine.label() + ", " + threads + (threads == 1 ? " thread" : " threads"),
                threads,
                () -> CpuBackend.start(engine, threads));
    }
}
