package dev.flopscope.cli;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.flops.Account;
import dev.flopscope.report.Format;
import dev.flopscope.report.SweepReport;
import dev.flopscope.report.SweepStream;
import dev.flopscope.run.Hardware;
import dev.flopscope.run.SweepRunner;
import dev.flopscope.sweep.Measured;
import dev.flopscope.sweep.Place;
import dev.flopscope.sweep.Resumption;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepReader;
import dev.flopscope.sweep.SweepResult;
import dev.flopscope.sweep.SweepRow;
import java.nio.file.Files;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
            converter = ThreadsOption.ListConverter.class,
            description = "Threads of BLAS and of everything between products; a list or range"
                    + " (default: this machine's cores).")
    private @Nullable Numbers threads;

    @Option(
            names = "--attention",
            paramLabel = "HOW",
            split = ",",
            defaultValue = "tiled",
            converter = AttentionOptions.Algorithms.class,
            completionCandidates = AttentionOptions.Algorithms.class,
            description = "A list of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private List<Algorithm> algorithms = List.of(Algorithm.TILED);

    @Mixin
    private TileOption tile = new TileOption();

    @Mixin
    private EngineOption engine = new EngineOption();

    @Mixin
    private WeightsOptions weights = new WeightsOptions();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            converter = Numbers.OneConverter.class,
            description = "Measured passes of each row, after one that warms up (default: ${DEFAULT-VALUE}).")
    private int repetitions = 3;

    @Option(
            names = "--resume",
            description =
                    "Take over what the --output file (.json or .csv) has: rows of the same settings, config, CPU,"
                            + " library and kernel are not measured again.")
    private boolean resume;

    @Override
    int execute() {
        Set<RunSpec> specs = specs();
        Place here = Place.of(Hardware.inUse(engine.chosen(), 1));
        Resumption earlier = resume ? earlier(specs, here) : Resumption.none();
        earlier.notes().forEach(this::warn);

        SweepStream stream = SweepStream.of(
                format(), out(), specs.stream().map(SweepPoint::of).toList());
        stream.begin();
        earlier.answered().forEach(stream::row);
        SweepResult result = measure(left(specs, earlier), new SweepResult(earlier.rows(), false), here, stream)
                .completed();
        save(new SweepReport(result));
        stream.end(result);
        requireWritten();
        return exitCode(result.rows());
    }

    /** Measures what is left, saving after each row, so that a sweep that is stopped has lost one row at most. */
    private SweepResult measure(List<RunSpec> specs, SweepResult before, Place here, SweepStream stream) {
        SweepResult[] soFar = {before};
        try (ProgressBars progress = new ProgressBars()) {
            new SweepRunner(progress, here, Clock.systemUTC(), repetitions).run(specs, row -> {
                progress.clear();
                soFar[0] = soFar[0].with(row);
                save(new SweepReport(soFar[0]));
                stream.row(row);
                row.skipped().ifPresent(reason -> warn("skipped " + row.point().describe() + ": " + reason));
                requireWritten();
            });
        }
        return soFar[0];
    }

    /** Every combination once, contexts innermost; each is checked to be countable before any is measured. */
    private Set<RunSpec> specs() {
        List<Integer> counts = threads == null ? List.of(new ThreadsOption().count()) : threads.values();
        List<Attention> attentions = tile.of(algorithms);
        Set<RunSpec> specs = new LinkedHashSet<>();
        for (ModelConfig model : grid.models()) {
            for (int count : counts) {
                for (Attention attention : attentions) {
                    grid.accounts(model, attention).forEach(account -> specs.add(spec(account, count)));
                }
            }
        }
        return specs;
    }

    private RunSpec spec(Account account, int count) {
        return new RunSpec(
                account.model(),
                account.batch(),
                OptionalInt.of(account.context()),
                count,
                weights.seed(),
                weights.mode(),
                account.attention(),
                engine.chosen(),
                new Prompt.Seeded());
    }

    private Resumption earlier(Set<RunSpec> specs, Place here) {
        List<OutputOptions.Target> readable = outputs().stream()
                .filter(output -> output.format() == Format.JSON || output.format() == Format.CSV)
                .toList();
        if (readable.isEmpty()) {
            throw new TypeConversionException("--resume needs an --output file that ends in .json or .csv");
        }
        Optional<OutputOptions.Target> found =
                readable.stream().filter(output -> Files.exists(output.file())).findFirst();
        if (found.isEmpty()) {
            warn("nothing to resume: " + readable.get(0).file() + " does not exist yet");
            return Resumption.none();
        }
        List<SweepRow> rows = read(found.get());
        Resumption earlier =
                Resumption.of(rows, specs.stream().map(SweepPoint::of).toList(), here, repetitions);
        warn("resuming " + found.get().file() + ": " + earlier.answered().size() + " of " + specs.size()
                + " rows are there");
        return earlier;
    }

    private static List<SweepRow> read(OutputOptions.Target target) {
        String file = target.file().toString();
        return target.format() == Format.JSON
                ? new SweepReader().json(file, InputFile.text(file))
                : new SweepReader().csv(file, InputFile.text(file));
    }

    private static List<RunSpec> left(Set<RunSpec> specs, Resumption earlier) {
        return specs.stream()
                .filter(spec -> !earlier.answers(SweepPoint.of(spec)))
                .toList();
    }

    private static int exitCode(List<SweepRow> rows) {
        List<Measured> measured =
                rows.stream().map(SweepRow::measured).flatMap(Optional::stream).toList();
        if (measured.isEmpty()) {
            return ExitCode.INTERNAL;
        }
        return measured.stream().allMatch(Measured::agrees) ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }
}
