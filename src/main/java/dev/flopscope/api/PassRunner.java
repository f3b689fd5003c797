package dev.flopscope.api;

import dev.flopscope.config.RunSpec;
import dev.flopscope.run.KindResult;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.Measurer;
import dev.flopscope.run.PhaseMeasurement;
import dev.flopscope.run.ProgressListener;
import dev.flopscope.time.Timeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Executes passes. A class of its own, so that accounts alone load nothing of an engine. */
final class PassRunner {
    private static final double NANOSECONDS = 1e9;

    private PassRunner() {}

    static CountedPass run(RunSpec spec) {
        Measurement measured = new Measurer(ProgressListener.none(), Timeline.none()).count(spec);
        Map<String, Long> counted = new LinkedHashMap<>();
        long nanoseconds = 0;
        for (PhaseMeasurement phase : measured.phases()) {
            nanoseconds += phase.typical().wallNanoseconds();
            for (KindResult kind : phase.kinds()) {
                counted.merge(kind.expected().kind().label(), kind.countedFlops(), Math::addExact);
            }
        }
        List<String> disagreements = measured.phases().stream()
                .flatMap(phase -> phase.disagreements().stream())
                .toList();
        return new CountedPass(
                ModelPass.flops(measured.account()),
                new PassFlops(
                        counted.values().stream().reduce(0L, Math::addExact), counted, measured.allocatedParameters()),
                measured.agrees(),
                disagreements,
                nanoseconds / NANOSECONDS);
    }
}
