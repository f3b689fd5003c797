package dev.flopscope.cli;

import dev.flopscope.config.RunSpec;
import dev.flopscope.document.Report;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.Measurer;
import dev.flopscope.time.Timeline;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;

/** A command that measures one run: once, or many times. */
abstract class MeasuringCommand extends ReportCommand {
    @Mixin
    private PassOptions pass = new PassOptions();

    @Mixin
    private RecordingOptions recording = new RecordingOptions();

    /** Measures the run that was asked for. */
    abstract Measurement measure(Measurer measurer, RunSpec spec);

    /** What is shown of it. */
    abstract Report report(Measurement measurement);

    @Override
    final List<String> inputs() {
        return pass.inputs();
    }

    @Override
    final List<Path> outputs() {
        return Stream.concat(super.outputs().stream(), recording.files().stream())
                .toList();
    }

    @Override
    final int execute() {
        try (RecordingOptions.Recordings recordings = recording.start()) {
            Measurement measurement = pass.execute(this::warn, spec -> measure(spec, recordings.timeline()));
            Writing writing = new Writing();
            show(report(measurement), writing);
            recordings.write(measurement, this::warn, writing);
            writing.finish();
            return measurement.holds() ? ExitCode.OK : ExitCode.CHECK_FAILED;
        }
    }

    private Measurement measure(RunSpec spec, Timeline timeline) {
        try (ProgressBars progress = new ProgressBars(this::warn)) {
            return measure(new Measurer(progress, timeline, this::warn), spec);
        }
    }
}
