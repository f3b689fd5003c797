package dev.flopscope.benchmark;

import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.forward.Transformer;
import dev.flopscope.observe.Proof;
import dev.flopscope.observe.ProvenProducts;
import dev.flopscope.observe.SummedWeights;
import dev.flopscope.profile.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code run --prove} costs: passes with and without proofs in one process, in turns; medians, and the median of the
 * ratios of neighbours.
 *
 * <p>Start it with {@code mvn -q -Pbenchmark test-compile exec:exec -Dbenchmark=Proof -Drounds=9}.
 */
public final class ProofBenchmark {
    private static final int WARM_UPS = 2;

    private ProofBenchmark() {}

    /** Arguments: a model, the number of rounds, the algorithm of attention, the engine, and the part of the rows. */
    public static void main(String[] arguments) {
        ModelConfig config = new ModelCatalog().find(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Attention attention = Attention.of(Algorithm.valueOf(arguments[2].toUpperCase(Locale.ROOT)));
        Engine engine = Engine.valueOf(arguments[3].toUpperCase(Locale.ROOT));
        double share = Double.parseDouble(arguments[4]);
        SummedWeights sums = new SummedWeights();
        try (BenchmarkModel model =
                BenchmarkModel.start(config, engine, Runtime.getRuntime().availableProcessors(), sums::watching)) {
            ProvenProducts proven = new ProvenProducts(
                    model.backend().products(), model.backend().operands(), sums, 1, share);
            Transformer pass = model.transformer(attention);
            ExecutionContext bare = ExecutionContext.unobserved(model.backend().products());
            ExecutionContext checked = ExecutionContext.unobserved(proven);
            List<Double> without = new ArrayList<>();
            List<Double> with = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            for (int round = -WARM_UPS; round < rounds; round++) {
                double off = seconds(model, pass, bare);
                double on = seconds(model, pass, checked);
                System.out.printf(Locale.ROOT, "%.3f s without, %.3f s with proofs%n", off, on);
                if (round >= 0) {
                    without.add(off);
                    with.add(on);
                    ratios.add(on / off);
                }
            }
            Proof proof = proven.proof();
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s: medians %.3f s without and %.3f s with, ratio of neighbours %.3f; %,d products proven, %,d failed%n",
                    model.backend().library().describe(),
                    config.name(),
                    Statistics.median(without),
                    Statistics.median(with),
                    Statistics.median(ratios),
                    proof.products(),
                    proof.failed());
        }
    }

    private static double seconds(BenchmarkModel model, Transformer pass, ExecutionContext context) {
        long start = System.nanoTime();
        model.run(pass, context, done -> {});
        return (System.nanoTime() - start) / 1e9;
    }
}
