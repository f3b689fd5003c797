package dev.flopscope.benchmark;

import dev.flopscope.ceiling.Probe;
import dev.flopscope.ceiling.ProbedEngine;
import dev.flopscope.ceiling.Sampler;
import dev.flopscope.ceiling.WeightProbe;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.count.FlopTally;
import dev.flopscope.flops.Account;
import dev.flopscope.forward.Transformer;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.matmul.TimingMatmul;
import dev.flopscope.run.Hardware;
import dev.flopscope.run.PreparedModel;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.text.SeededTokens;
import dev.flopscope.time.TimeTally;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A whole pass, counted and timed, against plain sgemm: interleaved in one process, medians of several rounds, ratios of
 * neighbours.
 *
 * <p>Start it with {@code mvn -q -Pbenchmark test-compile exec:exec -Dmodel=gpt2-small}.
 */
public final class PassBenchmark {
    private static final int WARM_UPS = 2;
    private static final int SGEMM_SAMPLES = 5;

    private final int[] ids;
    private final Transformer pass;
    private final Probe sgemm;

    private PassBenchmark(ModelConfig config, Attention attention, PreparedModel model, Probe sgemm) {
        int tokens = config.contextLength();

        this.ids = SeededTokens.generate(tokens, config.vocabSize(), 1);
        TimeTally timer = new TimeTally();
        this.pass = model.transformer(
                1,
                tokens,
                attention,
                new CountingMatmul(new TimingMatmul(model.matmul(), timer), new FlopTally()),
                timer);
        this.sgemm = sgemm;
    }

    /** Arguments: a model, the number of rounds, the algorithm of attention, and the engine. */
    public static void main(String[] arguments) {
        ModelConfig config = new ModelCatalog().find(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Attention attention = Attention.of(Attention.Algorithm.valueOf(arguments[2].toUpperCase(Locale.ROOT)));
        Engine engine = Engine.valueOf(arguments[3].toUpperCase(Locale.ROOT));
        int threads = Runtime.getRuntime().availableProcessors();
        System.out.println(Hardware.inUse(engine, threads).blas().describe() + ", " + threads + " threads, "
                + config.name() + ", " + arguments[2]);
        try (PreparedModel model = PreparedModel.prepare(config, WeightsMode.FULL, 1, threads, engine, done -> {});
                Nd4jRuntime runtime = Nd4jRuntime.start(threads);
                MatrixAllocator memory = new MatrixAllocator(runtime)) {
            new PassBenchmark(
                            config,
                            attention,
                            model,
                            WeightProbe.large(ProbedEngine.rowByRow(new Nd4jMatmul()), memory))
                    .measure(
                            rounds,
                            Account.of(config, 1, config.contextLength()).flops());
        }
    }

    private void measure(int rounds, long flops) {
        List<double[]> samples = new ArrayList<>();
        for (int round = -WARM_UPS; round < rounds; round++) {
            double[] sample = {seconds(), Sampler.median(sgemm, SGEMM_SAMPLES)};
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
        pass.forward(ids, done -> {});
        return (System.nanoTime() - start) / 1e9;
    }

    private interface Figure {
        double of(double[] sample);
    }

    private static double median(List<double[]> samples, Figure figure) {
        double[] sorted = samples.stream().mapToDouble(figure::of).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
