package dev.flopscope.run;

import dev.flopscope.checkpoint.Checkpoint;
import dev.flopscope.config.BadDataException;
import dev.flopscope.config.Decoding;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.MemoryStatus;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.sweep.Environment;
import dev.flopscope.sweep.Measured;
import dev.flopscope.sweep.Measured.Totals;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepRow;
import dev.flopscope.text.Tokenizer;
import dev.flopscope.time.Timeline;
import dev.flopscope.weights.CheckpointWeights;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures runs: each pass is counted and timed, and held against its closed form. There is one way to do so; a run is one
 * repetition of it, a profile is many beside what the machine reaches, and a sweep is many runs.
 */
public final class Measurer {
    private static final double NANOSECONDS = 1e9;

    private final Instruments instruments;

    /** Measures on this machine, telling {@code progress}, and {@code listener} of every span in the passes. */
    public Measurer(ProgressListener progress, Timeline listener) {
        this(progress, listener, line -> {});
    }

    /** The same, telling {@code warn} what a reader of a checkpoint should know, a line each. */
    public Measurer(ProgressListener progress, Timeline listener, Consumer<String> warn) {
        this(Instruments.ofThisMachine(progress, listener, warn));
    }

    /** Measures by {@code instruments}. */
    Measurer(Instruments instruments) {
        this.instruments = instruments;
    }

    /**
     * Checks that a run is possible: its prompt, its memory and its counts. Allocates nothing. Closed forms of many decoded
     * tokens take a while, so memory comes before them.
     *
     * @return the closed forms of the run
     * @throws dev.flopscope.config.BadDataException if the prompt does not suit the model, or the checkpoint's tensors are of a
     *     type that is not read
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     * @throws DoesNotFitException if the run needs more memory than there is
     */
    public static Account check(RunSpec spec) {
        return check(spec, 0, false, Engines.memory(spec.engine()));
    }

    /**
     * The same for a run beside which ceilings are measured.
     *
     * @param ceilingBytes what is allocated while they are
     * @param proves whether each product is proven
     * @param memory what there is
     */
    private static Account check(RunSpec spec, long ceilingBytes, boolean proves, MemoryStatus memory) {
        requireExecuted(spec.model());
        int tokens = TokenBatch.of(spec).context();
        requirePositions(spec, Math.addExact(tokens, spec.decode().orElse(0)));
        spec.checkpoint().ifPresent(Measurer::requireReadable);
        MemoryEstimate.requireFits(spec, tokens, ceilingBytes, proves, memory);
        return Account.of(spec.model(), spec.phases(tokens), spec.attention());
    }

    /**
     * Checks that models of this type are executed.
     *
     * @throws BadDataException if not
     */
    static void requireExecuted(ModelConfig model) {
        if (!model.architecture().notExecuted().isEmpty()) {
            throw new BadDataException(
                    model.name(),
                    "models of type " + model.architecture().label()
                            + " are accounted for but not executed yet; missing: "
                            + String.join(", ", model.architecture().notExecuted()));
        }
    }

    /** Memory comes after it: a run that cannot be is not said to need more. */
    private static void requireReadable(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            CheckpointWeights.requireReadable(folder.toString(), checkpoint);
        }
    }

    private static void requirePositions(RunSpec spec, int tokens) {
        ModelConfig model = spec.model();
        if (model.positions().learned() && tokens > model.contextLength()) {
            throw new BadDataException(
                    model.name(),
                    "learned positions end at context_length: context_length=" + model.contextLength() + ", tokens="
                            + tokens);
        }
    }

    /**
     * Measures one repetition. Where tokens are decoded, what this machine reaches is measured as well, before and after.
     *
     * @throws RuntimeException as {@link #check}
     */
    public Measurement run(RunSpec asked) {
        return run(asked, 0);
    }

    /**
     * The same.
     *
     * @param proven the part of the rows of each product by which it is proven; 0 if none is
     * @throws RuntimeException as {@link #check}
     */
    public Measurement run(RunSpec asked, double proven) {
        Sampling sampling = Sampling.once().proving(proven);
        RunSpec spec = Tokenizers.found(asked);
        boolean ceilings = spec.decode().isPresent();
        MemoryStatus memory = Engines.memory(spec.engine());
        check(spec, ceilings ? Hardware.ceilingBytes(spec.engine(), memory) : 0, sampling.proves(), memory);
        return ceilings ? besideCeilings(spec, sampling) : measure(spec, sampling);
    }

    /**
     * Measures one repetition, and nothing of what this machine reaches.
     *
     * @throws RuntimeException as {@link #check}
     */
    public Measurement count(RunSpec asked) {
        RunSpec spec = Tokenizers.found(asked);
        check(spec);
        return measure(spec, Sampling.once());
    }

    /**
     * Measures each phase until it is steady and then several times more; and what this machine reaches, before and after.
     *
     * @param warmUp when a phase is warm
     * @param repetitions how many are measured after that, at least 1
     * @throws RuntimeException as {@link #check}
     */
    public Measurement profile(RunSpec asked, Steadiness warmUp, int repetitions) {
        RunSpec spec = Tokenizers.found(asked);
        MemoryStatus memory = Engines.memory(spec.engine());
        check(spec, Hardware.ceilingBytes(spec.engine(), memory), false, memory);
        return besideCeilings(spec, Sampling.profile(warmUp, repetitions));
    }

    /**
     * Runs one repetition and reads its logits; its times are those of code that is not compiled yet.
     *
     * @throws RuntimeException as {@link #check}
     */
    public Logits logits(RunSpec asked) {
        RunSpec spec = Tokenizers.found(asked);
        check(spec);
        LogitsReader reader = new LogitsReader();
        try (Session session = Session.open(spec, instruments)) {
            return reader.logits(session.measure(
                    spec, Sampling.uncompiled(), (backend, logits) -> reader.read(backend, logits, spec.batch())));
        }
    }

    /**
     * Continues a prompt, counted and timed like any run.
     *
     * @param asked a run of one sequence, and how many tokens are decoded at most
     * @param decoding how tokens are chosen, and which end the text
     * @param told given the text so far, or the ids where no tokenizer is known, as soon as a token is chosen
     * @throws RuntimeException as {@link #check}
     */
    public Generation generate(RunSpec asked, Decoding decoding, Consumer<String> told) {
        RunSpec spec = withinContext(Tokenizers.found(asked));
        check(spec);
        Optional<Tokenizer> tokenizer = Tokenizers.ofIds(spec, true);
        Function<List<Integer>, String> words = ids -> tokenizer
                .map(known -> known.decode(ids))
                .orElseGet(() -> ids.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        Continuation continuation = new Continuation(decoding, ids -> told.accept(words.apply(ids)));
        try (Session session = Session.open(spec, instruments)) {
            Measurement measurement = session.measure(spec, Sampling.once(), (backend, logits) -> {}, continuation);
            List<Integer> ids = measurement
                    .decode()
                    .map(decoded -> decoded.decoded().get(0))
                    .orElse(List.of());
            return new Generation(
                    measurement,
                    decoding,
                    ids,
                    tokenizer.map(known -> known.decode(ids)),
                    stop(ids.size(), spec, asked));
        }
    }

    /** The run with no more tokens decoded than the model's context has room for after the prompt. */
    private static RunSpec withinContext(RunSpec spec) {
        int tokens = TokenBatch.of(spec).context();
        int room = spec.model().contextLength() - tokens;
        if (room < 1) {
            throw new BadDataException(
                    spec.model().name(),
                    "the prompt leaves no room in the context: context_length="
                            + spec.model().contextLength() + ", tokens=" + tokens);
        }
        return spec.decoding(Math.min(room, spec.decode().orElse(room)));
    }

    private static Generation.Stop stop(int decoded, RunSpec limited, RunSpec asked) {
        if (decoded < limited.decode().orElse(0)) {
            return Generation.Stop.END;
        }
        return limited.decode().equals(asked.decode()) ? Generation.Stop.LENGTH : Generation.Stop.CONTEXT;
    }

    private Measurement besideCeilings(RunSpec spec, Sampling sampling) {
        Instant began = Instant.now();
        Ceilings before = instruments.ceilings().apply(spec);
        Measurement measured = measure(spec, sampling);
        return measured.beside(before.faster(instruments.ceilings().apply(spec)), began);
    }

    private Measurement measure(RunSpec spec, Sampling sampling) {
        try (Session session = Session.open(spec, instruments, sampling.proves())) {
            return session.measure(spec, sampling);
        }
    }

    /**
     * Measures many runs one after the other, each after one repetition that warms up. Weights are made once for all runs that
     * read the same. A run that does not fit in memory is skipped, with the reason, and the rest go on.
     *
     * @param points the runs; those that read the same weights follow each other, in their order otherwise
     * @param repetitions of each run, at least 1
     * @param here where this is measured
     * @param finished told of each row as soon as it is there
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     */
    public void sweep(List<SweepPoint> points, int repetitions, Environment here, Consumer<SweepRow> finished) {
        Map<WeightsKey, List<SweepPoint>> groups = new LinkedHashMap<>();
        points.forEach(point -> groups.computeIfAbsent(WeightsKey.of(point.spec()), key -> new ArrayList<>())
                .add(point));
        groups.values().forEach(group -> sweepGroup(group, Sampling.row(repetitions), here, finished));
    }

    /** Measures runs that read the same weights. Whether each fits is found out before the weights take their share. */
    private void sweepGroup(List<SweepPoint> group, Sampling sampling, Environment here, Consumer<SweepRow> finished) {
        Map<SweepPoint, String> reasons = refusals(group);
        List<SweepPoint> left = new ArrayList<>(group);
        if (reasons.size() < group.size()) {
            try (Session session = Session.open(group.get(0).spec(), instruments)) {
                while (!left.isEmpty()) {
                    SweepPoint point = left.get(0);
                    Optional<Measured> measured =
                            reasons.containsKey(point) ? Optional.empty() : measured(point, sampling, session, reasons);
                    left.remove(0);
                    finished.accept(row(point, here, measured, reasons));
                }
            } catch (OutOfMemoryError e) {
                // The weights did not fit after all.
                left.forEach(point -> reasons.putIfAbsent(point, outOfMemory(e)));
            }
        }
        left.forEach(point -> finished.accept(row(point, here, Optional.empty(), reasons)));
    }

    private static Map<SweepPoint, String> refusals(List<SweepPoint> group) {
        Map<SweepPoint, String> reasons = new HashMap<>();
        MemoryStatus memory = Engines.memory(group.get(0).spec().engine());
        for (SweepPoint point : group) {
            try {
                check(point.spec(), 0, false, memory);
            } catch (DoesNotFitException e) {
                reasons.put(point, String.valueOf(e.getMessage()));
            }
        }
        return reasons;
    }

    private static Optional<Measured> measured(
            SweepPoint point, Sampling sampling, Session session, Map<SweepPoint, String> reasons) {
        try {
            MemoryStatus.resetPeakResident();
            Measurement measurement = session.measure(point.spec(), sampling);
            return Optional.of(new Measured(
                    totals(measurement.phases()),
                    measurement.decode().map(List::of).map(Measurer::totals),
                    measurement.agrees(),
                    measurement.peakResidentBytes()));
        } catch (OutOfMemoryError e) {
            reasons.put(point, outOfMemory(e));
            return Optional.empty();
        }
    }

    /** Sums over phases, repetition by repetition. */
    private static Totals totals(List<PhaseMeasurement> phases) {
        return new Totals(
                phases.stream().mapToLong(PhaseMeasurement::countedFlops).reduce(0, Math::addExact),
                phases.stream().mapToLong(phase -> phase.account().flops()).reduce(0, Math::addExact),
                IntStream.range(0, phases.get(0).repetitions().size())
                        .mapToObj(repetition -> phases.stream()
                                .mapToLong(phase ->
                                        phase.repetitions().get(repetition).wallNanoseconds())
                                .sum())
                        .map(nanoseconds -> nanoseconds / NANOSECONDS)
                        .toList());
    }

    private static SweepRow row(
            SweepPoint point, Environment here, Optional<Measured> measured, Map<SweepPoint, String> reasons) {
        return new SweepRow(
                point,
                here,
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                measured,
                Optional.ofNullable(reasons.get(point)));
    }

    private static String outOfMemory(OutOfMemoryError error) {
        return "ran out of memory: "
                + String.valueOf(error.getMessage()).lines().findFirst().orElse("no message");
    }

    /** What a model's weights in memory depend on. */
    private record WeightsKey(
            ModelConfig model, Optional<Path> checkpoint, WeightsMode weights, long seed, int threads, Engine engine) {
        static WeightsKey of(RunSpec spec) {
            return new WeightsKey(
                    spec.model(), spec.checkpoint(), spec.weights(), spec.seed(), spec.threads(), spec.engine());
        }
    }
}
