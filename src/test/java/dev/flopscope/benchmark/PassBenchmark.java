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
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.text.SeededTokens;
import dev.flopscope.time.TimeTally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A whole pass against plain sgemm, and a counted and timed pass against a bare one: interleaved in one process, medians of
 * several rounds, ratios of neighbours. The counted and the bare logits are compared bit by bit.
 *
 * <p>Start it with {@code mvn -q -Pbenchmark test-compile exec:exec -Dmodel=gpt2-small}.
 */
public final class PassBenchmark {
    private static final int WARM_UPS = 2;
    private static final int SGEMM_SAMPLES = 5;

    private final int[] ids;
    private final Transformer bare;
    private final Transformer counted;
    private final Probe sgemm;

    private PassBenchmark(ModelConfig config, Attention attention, PreparedModel model, Probe sgemm) {
        int tokens = config.contextLength();

        this.ids = SeededTokens.generate(tokens, config.vocabSize(), 1);
        this.bare = model.transformer(1, tokens, attention, model.matmul());
        TimeTally timer = new TimeTally();
        this.counted = model.transformer(
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
            // The order of the two passes alternates, so that drift favours neither.
            double first = round % 2 == 0 ? pass(bare) : pass(counted);
            double second = round % 2 == 0 ? pass(counted) : pass(bare);
            double[] sample = round % 2 == 0
                    ? new double[] {first, second, Sampler.median(sgemm, SGEMM_SAMPLES)}
                    : new double[] {second, first, Sampler.median(sgemm, SGEMM_SAMPLES)};
            if (round >= 0) {
                samples.add(sample);
                print("round " + (round + 1), sample[0], sample[1], flops, sample[2]);
            }
        }
        print("median", median(samples, s -> s[0]), median(samples, s -> s[1]), flops, median(samples, s -> s[2]));
        System.out.printf(
                Locale.ROOT,
                "counted pass against sgemm, median of ratios: %.3f%n"
                        + "counting and timing cost, median of ratios: %+.2f %%%n"
                        + "logits of both passes equal bit by bit: %s%n",
                median(samples, s -> flops / s[1] / 1e9 / s[2]),
                100 * (median(samples, s -> s[1] / s[0]) - 1),
                sameBits());
    }

    private static void print(String label, double bare, double counted, long flops, double sgemm) {
        System.out.printf(
                Locale.ROOT,
                "%-9s bare %.3f s %.1f GFLOP/s   counted %.3f s %.1f GFLOP/s   sgemm %.1f GFLOP/s%n",
                label,
                bare,
                flops / bare / 1e9,
                counted,
                flops / counted / 1e9,
                sgemm);
    }

    private double pass(Transformer transformer) {
        long start = System.nanoTime();
        transformer.forward(ids, done -> {});
        return (System.nanoTime() - start) / 1e9;
    }

    private boolean sameBits() {
        Matrix one = bare.forward(ids, done -> {});
        Matrix other = counted.forward(ids, done -> {});
        float[] left = new float[one.columns()];
        float[] right = new float[one.columns()];
        boolean same = true;
        for (long row = 0; row < one.rows(); row++) {
            one.readRow(row, left, left.length);
            other.readRow(row, right, right.length);
            same &= Arrays.equals(left, right);
        }
        return same;
    }

    private interface Figure {
        double of(double[] sample);
    }

    private static double median(List<double[]> samples, Figure figure) {
        double[] sorted = samples.stream().mapToDouble(figure::of).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
