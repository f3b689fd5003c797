package dev.flopscope.cli;

import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.RunSpec;
import dev.flopscope.document.Format;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.Build;
import dev.flopscope.report.sweep.SweepReport;
import dev.flopscope.report.sweep.SweepStream;
import dev.flopscope.run.Hardware;
import dev.flopscope.run.Measurer;
import dev.flopscope.sweep.Environment;
import dev.flopscope.sweep.Resumption;
import dev.flopscope.sweep.SweepGrid;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepReader;
import dev.flopscope.sweep.SweepResult;
import dev.flopscope.sweep.SweepRow;
import dev.flopscope.time.Timeline;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code sweep}: every combination of models, contexts, batches, threads and attention, a row each. */
@Command(
        name = "sweep",
        description = "Measures every combination of models, threads, attention, batches and contexts, and fits how"
                + " time and FLOPs grow with the context. A row appears, and is saved, as soon as it is measured.",
        footer = {
            "",
            "A row that does not fit in memory is skipped, with the reason, and the rest go on.",
            "A stopped sweep leaves what it has in its --output files; --resume goes on from there.",
            "",
            "Examples:",
            "  flopscope sweep gpt2-small --context 256-2048*2 --output sweep.json",
            "  flopscope sweep gpt2-small gpt2-xl --threads 1,2 --attention full,tiled",
            "  flopscope sweep gpt2-small --context 256-4096*2 --output sweep.json --resume"
        })
final class SweepCommand extends ReportCommand {
    @Mixin
    private GridOptions grid = new GridOptions();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of BLAS and of everything between products; a list or range"
                    + " (default: this machine's cores).")
    private @Nullable IntegerList threads;

    @Option(
            names = "--attention",
            paramLabel = "HOW",
            split = ",",
            description = "A list of ${COMPLETION-CANDIDATES} (default: tiled, on a GPU full).")
    private @Nullable List<Algorithm> algorithms;

    @Mixin
    private TileOption tile = new TileOption();

    @Mixin
    private EngineOption engine = new EngineOption();

    @Mixin
    private WeightsOptions weights = new WeightsOptions();

    @Mixin
    private PhaseOptions phases = new PhaseOptions();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Measured passes of each row, after one that warms up (default: ${DEFAULT-VALUE}).")
    private int repetitions = 3;

    @Option(
            names = "--resume",
            description = "Take over what the --output file (JSON, JSON lines or CSV) has: rows of the same settings,"
                    + " config, CPU, library and kernel are not measured again.")
    private boolean resume;

    @Override
    boolean hasRows() {
        return true;
    }

    @Override
    List<String> inputs() {
        return grid.inputs();
    }

    @Override
    int execute() {
        List<SweepPoint> points = points();
        Environment here = Environment.of(Hardware.inUse(engine.chosen(), 1), Build.detect());
        Resumption earlier = resume ? earlier(points, here) : Resumption.none();
        earlier.notes().forEach(this::warn);

        SweepStream stream = SweepStream.of(output().format(), out(), points, commandLine(), Colours::paint);
        stream.begin();
        earlier.answered().forEach(stream::row);
        SweepResult result = measure(earlier.left(points), new SweepResult(earlier.rows(), false), here, stream)
                .completed();
        Writing writing = new Writing();
        output().writeFiles(new SweepReport(result), commandLine(), writing);
        stream.end(result);
        writing.attempt(() -> OutputOptions.requireWritten(out()));
        writing.finish();
        if (result.measured().isEmpty()) {
            return ExitCode.INTERNAL;
        }
        return result.agrees() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    /** Measures what is left, saving after each row, so that a sweep that is stopped has lost one row at most. */
    private SweepResult measure(List<SweepPoint> points, SweepResult before, Environment here, SweepStream stream) {
        SweepResult[] soFar = {before};
        try (ProgressBars progress = new ProgressBars(this::warn)) {
            new Measurer(progress, Timeline.none(), this::warn).sweep(points, repetitions, here, row -> {
                progress.clear();
                soFar[0] = soFar[0].with(row);
                // A file that cannot be written now may be at the end, and a row that is measured is shown.
                output().writeFiles(new SweepReport(soFar[0]), commandLine(), new Writing());
                stream.row(row);
                row.skipped().ifPresent(reason -> warn("skipped " + row.point().describe() + ": " + reason));
                OutputOptions.requireWritten(out());
            });
        }
        return soFar[0];
    }

    /** Every combination; each is checked to be countable before any is measured. */
    private List<SweepPoint> points() {
        Engine chosen = engine.chosen();
        List<Algorithm> asked = algorithms == null ? List.of(chosen.attention()) : algorithms;
        grid.requireFewCombinations(threads == null ? 1 : threads.values().size(), asked.size());
        SweepGrid combinations = new SweepGrid(
                grid.sources(this::warn),
                threads == null
                        ? List.of(new ThreadsOption().count())
                        : threads.values().stream().map(ThreadsOption::bounded).toList(),
                tile.of(asked),
                grid.batches(),
                grid.contexts(),
                phases.chunk(),
                phases.decode(),
                phases.logits(),
                weights.mode(),
                weights.seed(),
                chosen);
        List<SweepPoint> points = combinations.points();
        for (SweepPoint point : points) {
            RunSpec spec = point.spec();
            phases.requireFewChunks(point.context());
            Counts.withinRange(
                    spec.model(),
                    spec.batch(),
                    point.context(),
                    () -> Account.of(spec.model(), spec.phases(point.context()), spec.attention()));
        }
        return points;
    }

    private Resumption earlier(List<SweepPoint> points, Environment here) {
        List<OutputOptions.Target> readable = output().targets().stream()
                .filter(output ->
                        List.of(Format.JSON, Format.JSON_LINES, Format.CSV).contains(output.format()))
                .toList();
        if (readable.isEmpty()) {
            throw new TypeConversionException("--resume needs an --output file that ends in .json, .jsonl or .csv");
        }
        Optional<OutputOptions.Target> found =
                readable.stream().filter(output -> Files.exists(output.file())).findFirst();
        if (found.isEmpty()) {
            warn("nothing to resume: " + readable.get(0).file() + " does not exist yet");
            return Resumption.none();
        }
        Resumption earlier = Resumption.of(read(found.get()), points, here, repetitions);
        warn("resuming " + found.get().file() + ": " + earlier.answered().size() + " of " + points.size()
                + " rows are there");
        return earlier;
    }

    private static List<SweepRow> read(OutputOptions.Target target) {
        String file = target.file().toString();
        String text = InputFile.text(file);
        SweepReader reader = new SweepReader();
        return switch (target.format()) {
            case JSON -> reader.json(file, text);
            case JSON_LINES -> reader.jsonLines(file, text);
            default -> reader.csv(file, text);
        };
    }
}
