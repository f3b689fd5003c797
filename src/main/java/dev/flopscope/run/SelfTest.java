package dev.flopscope.run;

import dev.flopscope.backend.Backend;
import dev.flopscope.backend.OtherProducts;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.run.Plant.Hands;
import dev.flopscope.run.ProgressListener.Activity;
import dev.flopscope.run.SelfTestResult.Check;
import dev.flopscope.run.SelfTestResult.Fault;
import dev.flopscope.run.SelfTestResult.Notice;
import dev.flopscope.run.SelfTestResult.Place;
import dev.flopscope.time.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Checks the checks: runs a small model with one fault after the other planted in it, in the way of every other run, and looks
 * which check notices. The model has what can be wrong: query heads that share keys and
 * values, gated networks and experts.
 */
public final class SelfTest {
    private static final int BATCH = 2;
    /** As many as a head is wide, so that keys which are not transposed fit as well. */
    private static final int TOKENS = PlantedFaults.HEAD_DIM;

    private static final long SEED = 1;

    /** How far logits may be apart, of the largest: two engines, which round differently, stay fifty times below it. */
    private static final double ROUNDING = 1e-5;

    private final Instruments sound;
    private final ProgressListener progress;
    private final int threads;
    private final List<PlantedFault> faults;

    /** Plants every fault in passes on {@code threads} threads, telling {@code progress}. */
    public SelfTest(ProgressListener progress, int threads) {
        // A small model is made in no time; what is told is how many passes there were.
        this(
                Instruments.ofThisMachine(ProgressListener.none(), Timeline.none(), line -> {}),
                progress,
                threads,
                PlantedFaults.ALL);
    }

    /** Plants {@code faults} in passes by {@code sound} instruments. */
    SelfTest(Instruments sound, ProgressListener progress, int threads, List<PlantedFault> faults) {
        this.sound = sound;
        this.progress = progress;
        this.threads = threads;
        this.faults = List.copyOf(faults);
    }

    /** A pass: what was counted in it, and its logits, a row a token. */
    private record Pass(Measurement measurement, List<float[]> logits) {}

    /** Plants one fault after the other. */
    public SelfTestResult run() {
        Engine engine = Hardware.bestEngine();
        Engine other = Engine.OPENBLAS;
        RunSpec spec = spec(engine);
        List<float[]> logits = pass(spec(other), sound).logits();
        Pass unfaulted = pass(spec, sound);
        List<Notice> disagreements = notices(unfaulted, logits, other);
        List<Fault> planted = new ArrayList<>();
        for (PlantedFault fault : faults) {
            progress.advanced(Activity.PLANTED_FAULTS, planted.size(), faults.size());
            planted.add(new Fault(fault.name(), fault.place(), fault.check(), notices(spec, fault, logits, other)));
        }
        progress.advanced(Activity.PLANTED_FAULTS, planted.size(), faults.size());
        return new SelfTestResult(unfaulted.measurement(), other, disagreements, planted);
    }

    private RunSpec spec(Engine engine) {
        return new RunSpec(
                PlantedFaults.MODEL,
                BATCH,
                OptionalInt.of(TOKENS),
                OptionalInt.empty(),
                OptionalInt.empty(),
                LogitsRows.ALL,
                Attention.of(Attention.Algorithm.TILED),
                new Prompt.Seeded(),
                WeightsMode.FULL,
                SEED,
                engine,
                threads);
    }

    private static Pass pass(RunSpec spec, Instruments instruments) {
        List<float[]> rows = new ArrayList<>();
        try (Session session = Session.open(spec, instruments)) {
            Measurement measurement = session.measure(
                    spec, Sampling.uncompiled(), (backend, logits) -> rows.addAll(rows(backend, logits)));
            return new Pass(measurement, rows);
        }
    }

    private static List<float[]> rows(Backend backend, Tensor logits) {
        List<float[]> rows = new ArrayList<>();
        for (long row = 0; row < logits.rows(); row++) {
            float[] values = new float[Math.toIntExact(logits.columns())];
            backend.readRow(logits, row, values);
            rows.add(values);
        }
        return rows;
    }

    /** What the checks notice of a pass with a fault. One that throws ends the pass, so that the others see nothing of it. */
    private List<Notice> notices(RunSpec spec, PlantedFault fault, List<float[]> logits, Engine other) {
        try {
            return notices(pass(spec, planted(spec, fault)), logits, other);
        } catch (ArithmeticException e) {
            return List.of(new Notice(Check.OVERFLOW, "ArithmeticException: " + e.getMessage()));
        } catch (IllegalArgumentException e) {
            return List.of(new Notice(Check.EXTENTS, String.valueOf(e.getMessage())));
        }
    }

    private Instruments planted(RunSpec spec, PlantedFault fault) {
        Plant plant = fault.plants().get();
        boolean below = fault.place() == Place.BELOW;
        Backend started = sound.backend().apply(spec);
        PlantedBackend backend = new PlantedBackend(started, below ? plant : Plant.NONE);
        Plant above = below ? Plant.NONE : plant;
        return new Instruments(
                sound.progress(),
                sound.listener(),
                asked -> backend,
                sound.ceilings(),
                sound.calibration(),
                sound.warn(),
                context -> new OtherProducts(
                        context,
                        new PlantedProducts(
                                above, new Hands(context.products(), started.products(), backend.memory()))));
    }

    private static List<Notice> notices(Pass pass, List<float[]> logits, Engine other) {
        List<Notice> notices = new ArrayList<>();
        pass.measurement().phases().stream()
                .flatMap(phase -> phase.disagreements().stream())
                .forEach(line -> notices.add(new Notice(Check.COUNTS, line)));
        double apart = apart(pass.logits(), logits);
        // What is not a number is not within roundings either.
        if (!(apart <= ROUNDING)) {
            notices.add(new Notice(
                    Check.LOGITS,
                    String.format(
                            Locale.ROOT,
                            "off by %.2g of the largest from those of a sound pass by %s, where rounding may make %.5f",
                            apart,
                            other.label(),
                            ROUNDING)));
        }
        return notices;
    }

    /** The largest difference between two lists of as many rows, of the largest value. */
    private static double apart(List<float[]> ones, List<float[]> others) {
        double difference = 0;
        double largest = 0;
        for (int row = 0; row < others.size(); row++) {
            for (int column = 0; column < others.get(row).length; column++) {
                double value = others.get(row)[column];
                difference = Math.max(difference, Math.abs(ones.get(row)[column] - value));
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return difference / largest;
    }
}
