package dev.flopscope.backend;

import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.backend.cuda.CudaBackend;
import dev.flopscope.backend.cuda.CudaDouble;
import dev.flopscope.config.Engine;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Every implementation of the boundary, for tests that all of them must pass. */
public final class Backends {
    /** oneDNN and OpenBLAS with one thread and with several, plain loops, and CUDA on the double of a GPU, where there is one. */
    public static final List<Kind> ALL = Stream.concat(
                    Stream.of(
                            cpu(Engine.ONEDNN, 1),
                            cpu(Engine.ONEDNN, 3),
                            cpu(Engine.OPENBLAS, 1),
                            cpu(Engine.OPENBLAS, 3),
                            new Kind("loops", 1, ArrayBackend::new)),
                    cuda().stream())
            .toList();

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

    /** The CUDA engine, on the double of a GPU. */
    public static Optional<Kind> cuda() {
        return CudaDouble.isAvailable()
                ? Optional.of(new Kind("cuda on a double", 1, () -> {
                    CudaDouble.use();
                    return CudaBackend.start(Engine.CUDA);
                }))
                : Optional.empty();
    }
}
