package dev.flopscope.benchmark;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.TensorLoader;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.checkpoint.Checkpoint;
import dev.flopscope.checkpoint.CheckpointReading;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.profile.Statistics;
import dev.flopscope.weights.CheckpointWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How fast a checkpoint is loaded beside its floor, in turns: reading its files once from the page cache, and writing as much new
 * memory as its weights take, which the operating system has to find and to fill with zeros first. The first round, in which Java
 * compiles, is printed like the others and left out of the medians.
 *
 * <p>Start it with {@code mvn -q -Pbenchmark test-compile exec:exec -Dbenchmark=Loading -Dmodel=FOLDER}.
 */
public final class LoadingBenchmark {
    private static final int ROW = 1 << 12;

    private LoadingBenchmark() {}

    /** Arguments: the folder of a checkpoint, the number of rounds, one that is not used, and the engine. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Engine engine = Engine.valueOf(arguments[3].toUpperCase(Locale.ROOT));
        ModelConfig model = new ModelCatalog().find(arguments[0]);
        long parameters = ParameterAccount.of(model).total();
        List<Double> reading = new ArrayList<>();
        List<Double> writing = new ArrayList<>();
        List<Double> loading = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        try (Backend backend = CpuBackend.start(engine, Runtime.getRuntime().availableProcessors())) {
            for (int round = 0; round <= rounds; round++) {
                long start = System.nanoTime();
                long bytes = CheckpointReading.once(folder);
                double read = (System.nanoTime() - start) / 1e9;
                double write = write(parameters, backend);
                double load = load(folder, model, backend);
                System.out.printf(
                        Locale.ROOT,
                        "%,d bytes read in %.3f s, %,d written in %.3f s, loaded in %.3f s%n",
                        bytes,
                        read,
                        parameters * Float.BYTES,
                        write,
                        load);
                if (round > 0) {
                    reading.add(read);
                    writing.add(write);
                    loading.add(load);
                    ratios.add(load / read);
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s: medians %.3f s to read, %.3f s to write and %.3f s to load; loading is %.2f times reading%n",
                    backend.library().describe(),
                    Statistics.median(reading),
                    Statistics.median(writing),
                    Statistics.median(loading),
                    Statistics.median(ratios));
        }
    }

    /** Memory that nobody has written to before, on all threads. */
    private static double write(long floats, Backend backend) {
        long start = System.nanoTime();
        try (Allocator memory = backend.allocator()) {
            memory.zeros(floats / ROW, ROW);
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private static double load(Path folder, ModelConfig model, Backend backend) {
        long start = System.nanoTime();
        try (Allocator memory = backend.allocator();
                Checkpoint checkpoint = Checkpoint.open(folder)) {
            try (TensorLoader loader = backend.loader(memory)) {
                new CheckpointWeights(model, folder.toString(), checkpoint, loader, 1, warning -> {})
                        .load(WeightsMode.FULL, layers -> {});
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
