package dev.flopscope.peers;

import ai.onnxruntime.OrtException;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Probe;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.benchmark.BenchmarkModel;
import dev.flopscope.ceiling.WeightProbe;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.flops.Account;
import dev.flopscope.profile.Statistics;
import dev.flopscope.text.SeededTokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * One model with one set of weights by Flopscope, ONNX Runtime and libtorch: turn by turn in one process, between
 * measurements of what the cores reach, and their logits held against each other.
 *
 * <p>Start it with {@code mvn -q -Ppeers test-compile exec:exec -Dmodel=gpt2-small}; {@code -Dlayers=6} keeps the first
 * layers only, {@code -Drounds=5} says how often, {@code -Dengines=flopscope} runs Flopscope alone.
 */
public final class PeersBenchmark {
    private static final int WARM_UPS = 2;
    private static final int CEILING_SAMPLES = 5;
    /** Long enough for an engine's threads to give up waiting for more work before the next one is timed. */
    private static final long PAUSE_MILLISECONDS = 100;

    private static final String[] HEADERS = {
        "", "s", "min–max", "GFLOP/s", "min–max", "of sgemm", "of FMA", "logits off by", "bound", "agrees"
    };

    private final ModelConfig model;
    private final List<Peer> peers;
    private final Probe large;
    private final Probe multiplyAdds;
    private final int[] ids;
    /** Seconds, by peer, then by round. */
    private final List<double[]> seconds = new ArrayList<>();

    private final double[] sgemm;
    private final double[] fma;

    private PeersBenchmark(ModelConfig model, List<Peer> peers, Probe large, Probe multiplyAdds, int rounds) {
        this.model = model;
        this.peers = peers;
        this.large = large;
        this.multiplyAdds = multiplyAdds;
        this.ids = SeededTokens.generate(model.contextLength(), model.vocabSize(), 1);
        this.sgemm = new double[rounds];
        this.fma = new double[rounds];
        peers.forEach(peer -> seconds.add(new double[rounds]));
    }

    /**
     * Prints the table; ends with 1 if logits disagree.
     *
     * @param arguments a model, how many of its layers (0 for all), the number of rounds, and {@code all} engines or {@code
     *     flopscope} alone, whose weights are then in memory once
     */
    public static void main(String[] arguments) throws IOException, OrtException, InterruptedException {
        ModelConfig model = cut(new ModelCatalog().find(arguments[0]), Integer.parseInt(arguments[1]));
        int rounds = Math.max(1, Integer.parseInt(arguments[2]));
        int threads = Runtime.getRuntime().availableProcessors();
        boolean agree;
        try (BenchmarkModel packed = BenchmarkModel.start(model, Engine.ONEDNN, threads);
                Backend plain = CpuBackend.start(Engine.OPENBLAS, threads);
                Allocator memory = plain.allocator()) {
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d layers, %,d tokens, float32; %d threads; %d rounds after %d; Flopscope counts and times, by %s%n",
                    model.name(),
                    model.numLayers(),
                    model.contextLength(),
                    threads,
                    rounds,
                    WARM_UPS,
                    packed.backend().library().describe());
            Peer flopscope = new FlopscopePeer(Engine.ONEDNN, packed);
            Probe large = WeightProbe.large(plain, memory);
            Probe multiplyAdds = plain.probes(memory, 1).multiplyAdds();
            agree = "flopscope".equals(arguments[3])
                    ? new PeersBenchmark(model, List.of(flopscope), large, multiplyAdds, rounds).measure()
                    : besideOthers(flopscope, model, large, multiplyAdds, threads, rounds);
        }
        System.exit(agree ? 0 : 1);
    }

    /** The other engines share weights that lie row by row, as OpenBLAS reads them. */
    private static boolean besideOthers(
            Peer flopscope, ModelConfig model, Probe large, Probe multiplyAdds, int threads, int rounds)
            throws IOException, OrtException, InterruptedException {
        int tokens = model.contextLength();
        try (BenchmarkModel plain = BenchmarkModel.start(model, Engine.OPENBLAS, threads);
                Peer openBlas = new FlopscopePeer(Engine.OPENBLAS, plain);
                Peer onnx = new OnnxPeer(model, plain.weights(), tokens, threads);
                Peer torch = new TorchPeer(model, plain.weights(), tokens, threads, false);
                Peer torchPacked = new TorchPeer(model, plain.weights(), tokens, threads, true)) {
            List<Peer> peers = List.of(flopscope, openBlas, onnx, torch, torchPacked);
            return new PeersBenchmark(model, peers, large, multiplyAdds, rounds).measure();
        }
    }

    /**
     * The first layers of a model.
     *
     * @throws IllegalArgumentException if its blocks differ or have a window, which the other engines' programs do not know
     */
    private static ModelConfig cut(ModelConfig model, int layers) {
        if (!model.isUniform() || model.firstBlock().attention().window().isPresent()) {
            throw new IllegalArgumentException(
                    "only models whose blocks are all the same, without a window, are compared");
        }
        return ModelConfig.uniform(
                model.name(),
                model.embedding(),
                model.positions(),
                layers < 1 ? model.numLayers() : Math.min(layers, model.numLayers()),
                model.firstBlock(),
                model.head());
    }

    /** Measures and prints; whether all logits agree. */
    private boolean measure() throws InterruptedException {
        for (int round = -WARM_UPS; round < sgemm.length; round++) {
            int slot = Math.max(0, round);
            for (int peer = 0; peer < peers.size(); peer++) {
                Thread.sleep(PAUSE_MILLISECONDS);
                long start = System.nanoTime();
                peers.get(peer).run(ids);
                seconds.get(peer)[slot] = (System.nanoTime() - start) / 1e9;
            }
            Thread.sleep(PAUSE_MILLISECONDS);
            sgemm[slot] = ceiling(large);
            fma[slot] = ceiling(multiplyAdds);
        }
        return report();
    }

    private static double ceiling(Probe probe) {
        return median(
                DoubleStream.generate(probe::sample).limit(CEILING_SAMPLES).toArray());
    }

    private boolean report() {
        boolean agree = true;
        long flops = Account.of(model, 1, model.contextLength()).prefill().flops();
        List<String[]> rows = new ArrayList<>();
        for (int peer = 0; peer < peers.size(); peer++) {
            Agreement agreement = Agreement.of(peers.get(0), peers.get(peer), model, model.contextLength());
            agree &= agreement.holds();
            rows.add(row(peers.get(peer).name(), seconds.get(peer), flops, agreement));
        }
        rows.add(ceiling("one large sgemm", sgemm));
        rows.add(ceiling("fused multiply-adds in Java", fma));
        Column[] columns = Arrays.stream(HEADERS)
                .map(header -> new Column().header(header).dataAlign(HorizontalAlign.RIGHT))
                .toArray(Column[]::new);
        System.out.println(AsciiTable.getTable(columns, rows.toArray(String[][]::new)));
        System.out.println(
                "Medians. GFLOP/s: products only, attention dense, " + String.format(Locale.ROOT, "%,d", flops)
                        + " FLOPs for every engine, whether or not it skips masked tiles.\n"
                        + "Shares: medians over rounds of the engine's rate by the ceiling's of that round.\n"
                        + "The Java loop is no ceiling where sgemm exceeds it: then the machine was busy or HotSpot's code falls short.\n"
                        + "Logits: all of them against Flopscope's, the largest |difference|.");
        return agree;
    }

    private String[] row(String name, double[] times, long flops, Agreement agreement) {
        double[] rates = Arrays.stream(times).map(time -> flops / time / 1e9).toArray();
        return new String[] {
            name,
            format("%.3f", median(times)),
            spread("%.3f", times),
            format("%.1f", median(rates)),
            spread("%.1f", rates),
            format("%.2f", shareOf(rates, sgemm)),
            format("%.2f", shareOf(rates, fma)),
            format("%.2e", agreement.difference()),
            format("%.2e", agreement.bound()),
            agreement.holds() ? "yes" : "NO"
        };
    }

    private String[] ceiling(String name, double[] rates) {
        return new String[] {
            name,
            "",
            "",
            format("%.1f", median(rates)),
            spread("%.1f", rates),
            format("%.2f", shareOf(rates, sgemm)),
            format("%.2f", shareOf(rates, fma)),
            "",
            "",
            ""
        };
    }

    private static double shareOf(double[] rates, double[] ceiling) {
        double[] shares = new double[rates.length];
        Arrays.setAll(shares, round -> rates[round] / ceiling[round]);
        return median(shares);
    }

    private static double median(double[] samples) {
        return Statistics.median(Arrays.stream(samples).boxed().toList());
    }

    private static String spread(String number, double[] samples) {
        return format(number, Arrays.stream(samples).min().orElseThrow()) + "–"
                + format(number, Arrays.stream(samples).max().orElseThrow());
    }

    private static String format(String number, double value) {
        return String.format(Locale.ROOT, number, value);
    }
}
