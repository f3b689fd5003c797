package dev.flopscope.benchmark;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.Probe;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.ceiling.WeightProbe;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.count.FlopTally;
import dev.flopscope.flops.Account;
import dev.flopscope.forward.Transformer;
import dev.flopscope.profile.Statistics;
import dev.flopscope.time.TimeTally;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A whole pass, counted and timed, against plain sgemm: interleaved in one process, medians of several rounds, ratios of
 * neighbours.
 *
 * <p>Start it with {@code mvn -q -Pbenchmark test-compile exec:exec -Dmodel=gpt2-small}.
 */
public final class PassBenchmark {
    private static final int WARM_UPS = 2;
    private static final int SGEMM_SAMPLES = 5;

    private final BenchmarkModel model;
    private final Transformer pass;
    private final ExecutionContext context;
    private final Probe sgemm;

    private PassBenchmark(Attention attention, BenchmarkModel model, Probe sgemm) {
        this.model = model;
        this.pass = model.transformer(attention);
        this.context = model.observed(new FlopTally(), new TimeTally());
        this.sgemm = sgemm;
    }

    /** Arguments: a model, the number of rounds, the algorithm of attention, and the engine. */
    public static void main(String[] arguments) {
        ModelConfig config = new ModelCatalog().find(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Attention attention = Attention.of(Attention.Algorithm.valueOf(arguments[2].toUpperCase(Locale.ROOT)));
        Engine engine = Engine.valueOf(arguments[3].toUpperCase(Locale.ROOT));
        int threads = Runtime.getRuntime().availableProcessors();
        try (BenchmarkModel model = BenchmarkModel.start(config, engine, threads);
                Backend plain = CpuBackend.start(Engine.OPENBLAS, threads);
                Allocator memory = plain.allocator()) {
            System.out.println(model.backend().library().describe() + ", " + threads + " threads, " + config.name()
                    + ", " + arguments[2]);
            new PassBenchmark(attention, model, WeightProbe.large(plain, memory))
                    .measure(
                            rounds,
                            Account.of(config, 1, config.contextLength())
                                    .prefill()
                                    .flops());
        }
    }

    private void measure(int rounds, long flops) {
        List<double[]> samples = new ArrayList<>();
        for (int round = -WARM_UPS; round < rounds; round++) {
            double[] sample = {seconds(), sgemm()};
            if (round >= 0) {
                samples.add(sample);
                print("round " + (round + 1), sample[0], flops, sample[1]);
            }
        }
        print("median", median(samples, s -> s[0]), flops, median(samples, s -> s[1]));
        System.out.printf(
                Locale.ROOT,
                "pass against sgemm, median of ratios: %.3f%n",
                median(samples, s -> flops / s[0] / 1e9 / s[1]));
    }

    private static void print(String label, double seconds, long flops, double sgemm) {
        System.out.printf(
                Locale.ROOT,
                "%-9s pass %.3f s %.1f GFLOP/s   sgemm %.1f GFLOP/s%n",
                label,
                seconds,
                flops / seconds / 1e9,
                sgemm);
    }

    private double seconds() {
        long start = System.nanoTime();
        model.run(pass, context, done -> {});
        return (System.nanoTime() - start) / 1e9;
    }

    private double sgemm() {
        return Statistics.median(DoubleStream.generate(sgemm::sample)
                .limit(SGEMM_SAMPLES)
                .boxed()
                .toList());
    }

    private interface Figure {
        double of(double[] sample);
    }

    private static double median(List<double[]> samples, Figure figure) {
        double[] sorted = samples.stream().mapToDouble(figure::of).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
