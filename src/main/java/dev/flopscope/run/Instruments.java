package dev.flopscope.run;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.ceiling.SpeedCalibration;
import dev.flopscope.config.RunSpec;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.time.Timeline;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What runs are measured on and by, and who is told.
 *
 * @param progress told how far everything is
 * @param listener told of every span of the passes
 * @param backend starts the backend of a run
 * @param ceilings measures what the machine reaches with the engine and the threads of a run
 * @param calibration measures how fast the machine is at the moment, in GFLOP/s, by a backend and memory of it
 * @param warn told what a reader of a checkpoint should know, a line each
 * @param forward what the forward pass sees of the context that counts and times it: all of it, but where faults are planted
 */
record Instruments(
        ProgressListener progress,
        Timeline listener,
        Function<RunSpec, Backend> backend,
        Function<RunSpec, Ceilings> ceilings,
        BiFunction<Backend, Allocator, DoubleSupplier> calibration,
        Consumer<String> warn,
        UnaryOperator<ExecutionContext> forward) {

    /** This machine. */
    static Instruments ofThisMachine(ProgressListener progress, Timeline listener, Consumer<String> warn) {
        return new Instruments(
                progress,
                listener,
                spec -> Engines.start(spec.engine(), spec.threads()),
                spec -> Hardware.ceilings(spec.engine(), 1, progress).of(spec.threads()),
                (backend, memory) -> new SpeedCalibration(backend, memory)::sample,
                warn,
                UnaryOperator.identity());
    }
}
