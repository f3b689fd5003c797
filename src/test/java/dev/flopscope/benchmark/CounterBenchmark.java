package dev.flopscope.benchmark;

import dev.flopscope.api.FlopCounter;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.forward.Transformer;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a {@link FlopCounter} costs a program on ND4J, here a pass by the engine openblas without its interceptor: passes with
 * a counter open and without, in turns; and, because these differ by more than the counter costs, what one operation costs,
 * measured on products too small to take time, times the operations of a pass.
 *
 * <p>Start it with {@code mvn -q -Pbenchmark test-compile exec:exec -Dbenchmark=Counter -Dengine=openblas -Drounds=15}.
 */
public final class CounterBenchmark {
    private static final int SMALL_PRODUCTS = 20_000;
    private static final int SMALL_ROUNDS = 31;
    private static final double PERCENT = 100;
    private static final double SECOND = 1e9;

    private CounterBenchmark() {}

    /** Arguments: a model, the number of rounds, the algorithm of attention, and the engine. */
    public static void main(String[] arguments) {
        ModelConfig config = new ModelCatalog().find(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Attention attention = Attention.of(Algorithm.valueOf(arguments[2].toUpperCase(Locale.ROOT)));
        Engine engine = Engine.valueOf(arguments[3].toUpperCase(Locale.ROOT));
        int threads = Runtime.getRuntime().availableProcessors();
        try (BenchmarkModel model = BenchmarkModel.start(config, engine, threads)) {
            FlopCounter.open().close();
            Transformer transformer = model.transformer(attention);
            ExecutionContext context =
                    ExecutionContext.unobserved(model.backend().products());
            Runnable pass = () -> model.run(transformer, context, done -> {});
            double[] with = new double[rounds];
            double[] without = new double[rounds];
            pass.run();
            for (int round = 0; round < rounds; round++) {
                with[round] = counted(pass);
                without[round] = seconds(pass);
            }
            double operation = operation();
            long operations = operations(pass);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s, %d threads: %.3f s with a counter open, %.3f s without (medians of %d, in turns; ratio %.4f)%n"
                            + "an operation costs %.0f ns; %,d operations of a pass cost %.3f %% of it%n",
                    config.name(),
                    model.backend().library().describe(),
                    threads,
                    median(with),
                    median(without),
                    rounds,
                    median(with) / median(without),
                    operation,
                    operations,
                    PERCENT * operation * operations / (SECOND * median(without)));
        }
    }

    private static double counted(Runnable work) {
        try (FlopCounter counter = FlopCounter.open()) {
            double seconds = seconds(work);
            if (counter.flops() == 0) {
                throw new IllegalStateException("nothing was counted");
            }
            return seconds;
        }
    }

    private static long operations(Runnable work) {
        try (FlopCounter counter = FlopCounter.open()) {
            work.run();
            return counter.counts().calls();
        }
    }

    /** Nanoseconds that a product takes longer with a counter open. */
    private static double operation() {
        INDArray left = Nd4j.ones(DataType.FLOAT, 1, 2);
        INDArray right = Nd4j.ones(DataType.FLOAT, 2, 2);
        OpContext context = Nd4j.getExecutioner().buildContext();
        context.setInputArrays(left, right);
        context.setOutputArrays(Nd4j.create(DataType.FLOAT, 1, 2));
        context.setIArguments(0, 0, 0);
        Mmul product = new Mmul();
        Runnable products = () -> {
            for (int i = 0; i < SMALL_PRODUCTS; i++) {
                Nd4j.exec(product, context);
            }
        };
        double[] differences = new double[SMALL_ROUNDS];
        for (int round = 0; round < SMALL_ROUNDS; round++) {
            differences[round] = counted(products) - seconds(products);
        }
        return SECOND * median(differences) / SMALL_PRODUCTS;
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / SECOND;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
