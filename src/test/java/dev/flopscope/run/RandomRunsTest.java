package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.cpu.CpuFootprint;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.fit.SmallModels;
import dev.flopscope.fit.SmallRun;
import dev.flopscope.polynomial.Axis;
import dev.flopscope.time.Timeline;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Runs of models of all traits and of random sizes, read in random ways: what is counted is what is expected, and no way changes
 * the logits by more than rounding, and nothing takes more memory than its estimate. {@code mvn -Pthorough test -Dtest=RandomRunsTest} tries three thousand.
 */
class RandomRunsTest {
    private static final int RUNS = Integer.getInteger("random.runs", 100);
    private static final List<String> TRAITS =
            List.of("gpt2-small", "gpt2", "llama-3-8b", "qwen2.5-7b", "mistral-7b", "mixtral-8x7b", "deepseek-v3");
    /** Some hundred roundings of float32 to each of values near 1, far under what a wrong operand makes. */
    private static final double TOLERANCE = 1e-4;

    private final Random random = new Random(12);

    /** How a prompt is read. */
    private record Way(
            OptionalInt chunk,
            OptionalInt decode,
            Attention attention,
            WeightsMode weights,
            Engine engine,
            int threads) {}

    @Test
    void countsAreExactAndNoWayOfReadingChangesTheLogits() {
        for (int i = 0; i < RUNS; i++) {
            SmallRun run = run(TRAITS.get(i % TRAITS.size()));
            WeightsMode weights = random.nextBoolean() ? WeightsMode.FULL : WeightsMode.SHARED;
            Way plain = new Way(OptionalInt.empty(), OptionalInt.empty(), Attention.full(), weights, Engine.ONEDNN, 1);
            Logits expected = logits(run, plain);
            Way other = new Way(
                    OptionalInt.of(1 + random.nextInt(run.tokens())),
                    random.nextInt(3) == 0 ? OptionalInt.of(1 + random.nextInt(3)) : OptionalInt.empty(),
                    new Attention(
                            List.of(Algorithm.values()).get(random.nextInt(3)),
                            1 + random.nextInt(4),
                            1 + random.nextInt(4)),
                    weights,
                    random.nextBoolean() ? Engine.ONEDNN : Engine.OPENBLAS,
                    1 + random.nextInt(3));

            Logits found = logits(run, other);

            String where = "run " + i + ": " + other + " of " + run;
            assertThat(expected.measurement().prefill().disagreements())
                    .as(where)
                    .isEmpty();
            found.measurement()
                    .phases()
                    .forEach(
                            phase -> assertThat(phase.disagreements()).as(where).isEmpty());
            if (other.decode().isEmpty()) {
                requireClose(expected, found, where);
            }
        }
    }

    private static void requireClose(Logits expected, Logits found, String where) {
        double largest = expected.last().stream().mapToDouble(Math::abs).max().orElseThrow();
        for (int id = 0; id < expected.vocabSize(); id++) {
            double difference = Math.abs(expected.last().get(id) - found.last().get(id));
            assertThat(difference / largest).as("%s, token %d", where, id).isLessThan(TOLERANCE);
        }
    }

    private SmallRun run(String traits) {
        ModelConfig model = new ModelCatalog().find(traits);
        List<BlockConfig> blocks = List.copyOf(model.layersByBlock().keySet());
        SmallModels small = new SmallModels(model, blocks.get(random.nextInt(blocks.size())), false);
        Map<String, Integer> point = new HashMap<>();
        for (Axis axis : small.axes()) {
            point.put(
                    axis.letter(),
                    axis.values().get(random.nextInt(axis.values().size())));
        }
        return small.at(point);
    }

    private static Logits logits(SmallRun run, Way way) {
        RunSpec spec = new RunSpec(
                run.model(),
                run.batch(),
                OptionalInt.of(run.tokens()),
                way.chunk(),
                way.decode(),
                LogitsRows.ALL,
                way.attention(),
                new Prompt.Seeded(),
                way.weights(),
                1,
                way.engine(),
                way.threads());
        Instruments machine = Instruments.ofThisMachine(ProgressListener.none(), Timeline.none(), line -> {});
        List<Allocator> allocators = new ArrayList<>();
        Instruments instruments = new Instruments(
                machine.progress(),
                machine.listener(),
                each -> recording(machine.backend().apply(each), allocators),
                machine.ceilings(),
                machine.calibration(),
                machine.warn(),
                machine.forward());
        LogitsReader reader = new LogitsReader();
        try (Session session = Session.open(spec, instruments)) {
            Logits logits = reader.logits(session.measure(spec, Sampling.uncompiled(), (backend, each) -> {
                requireEstimated(spec, run.tokens(), allocators);
                reader.read(backend, each, run.batch());
            }));
            assertThat(allocators).isNotEmpty();
            return logits;
        }
    }

    /** What is allocated in the middle of a pass, beside the process itself, is no more than the estimate has for it. */
    private static void requireEstimated(RunSpec spec, int tokens, List<Allocator> allocators) {
        CpuFootprint backend = CpuFootprint.of(spec.engine(), spec.threads());
        long estimated =
                MemoryEstimate.of(spec, tokens, 0, backend).totalBytes().longValueExact() - backend.process();
        long used = allocators.stream().mapToLong(Allocator::allocatedBytes).sum();
        assertThat(used).as("%s", spec).isPositive().isLessThanOrEqualTo(estimated);
    }

    /** The backend itself, but for a list of the allocators that it gave. */
    private static Backend recording(Backend backend, List<Allocator> allocators) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (self, method, arguments) -> {
                    try {
                        Object result = method.invoke(backend, arguments);
                        if (result instanceof Allocator allocator) {
                            allocators.add(allocator);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
