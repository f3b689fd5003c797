package dev.flopscope.cli;

import dev.flopscope.config.RunSpec;
import dev.flopscope.document.Report;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.Measurer;
import dev.flopscope.time.Timeline;
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
    final int execute() {
        recording.requireWritable(output().files());
        try (RecordingOptions.Recordings recordings = recording.start()) {
            Measurement measurement = pass.execute(spec -> measure(spec, recordings.timeline()));
            show(report(measurement));
            recordings.write(measurement, this::warn);
            return measurement.agrees() ? ExitCode.OK : ExitCode.CHECK_FAILED;
        }
    }

    private Measurement measure(RunSpec spec, Timeline timeline) {
        try (ProgressBars progress = new ProgressBars()) {
            return measure(new Measurer(progress, timeline), spec);
        }
    }
}
