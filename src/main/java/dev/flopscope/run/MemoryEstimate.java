package dev.flopscope.run;

import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.MemoryAccount;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.machine.MemoryStatus;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * What a run will need, worked out before anything is allocated.
 *
 * @param weightsBytes of the weights, as the run will hold them
 * @param activationsBytes of the activations
 * @param cacheBytes of the keys and values that are cached, if they are
 * @param otherBytes of the Java process, the libraries, the rotary tables and the ledger
 */
record MemoryEstimate(long weightsBytes, long activationsBytes, long cacheBytes, BigInteger otherBytes) {
    /** Java's heap and code, and the natives: 0.4 GiB was measured on a small model, and is rounded up. */
    private static final long PROCESS_BYTES = 512L << 20;
    /** Sites, tallies and tensors of one layer: an upper bound. */
    private static final long LEDGER_BYTES_PER_LAYER = 8L << 10;

    private static final long FLOAT_BYTES = 4;

    /** What a run with a prompt of {@code tokens} needs. */
    static MemoryEstimate of(RunSpec spec, int tokens) {
        return of(
                spec,
                spec.weights(),
                tokens,
                spec.chunk().orElse(tokens),
                spec.decode().orElse(0));
    }

    /** What {@code spec} needs with other weights, tokens of the prompt, tokens in a chunk of it and tokens to decode. */
    private static MemoryEstimate of(RunSpec spec, WeightsMode weights, int tokens, int chunk, int decode) {
        List<Phase> phases = new ArrayList<>();
        phases.add(Phase.prefill(spec.batch(), tokens, chunk, spec.logits()));
        if (decode > 0) {
            phases.add(Phase.decode(spec.batch(), tokens, decode));
        }
        ModelConfig model = spec.model();
        MemoryAccount account = MemoryAccount.of(model, ParameterAccount.of(model), phases, spec.attention());
        BigInteger rotary = BigInteger.valueOf(FLOAT_BYTES * rotaryWidth(model))
                .multiply(BigInteger.valueOf((long) tokens + decode));
        return new MemoryEstimate(
                weights == WeightsMode.SHARED ? account.sharedWeightsBytes() : account.weightsBytes(),
                account.activationsBytes(),
                decode > 0 || chunk < tokens ? account.kvCacheBytes() : 0,
                BigInteger.valueOf(PROCESS_BYTES)
                        .add(rotary)
                        .add(BigInteger.valueOf(LEDGER_BYTES_PER_LAYER * model.numLayers())));
    }

    /** Floats that a position takes in the tables of angles, one for each kind of heads. */
    private static long rotaryWidth(ModelConfig model) {
        return model.layersByBlock().keySet().stream()
                .map(BlockConfig::attention)
                .distinct()
                .mapToLong(AttentionConfig::headDim)
                .sum();
    }

    private BigInteger totalBytes() {
        return BigInteger.valueOf(weightsBytes)
                .add(BigInteger.valueOf(activationsBytes))
                .add(BigInteger.valueOf(cacheBytes))
                .add(otherBytes);
    }

    private boolean fits(MemoryStatus memory) {
        return totalBytes().compareTo(BigInteger.valueOf(memory.available())) <= 0;
    }

    /**
     * Refuses a run that does not fit.
     *
     * @param tokens of its prompt
     * @throws DoesNotFitException with what it needs, what there is, and the option that would make it fit
     */
    static void requireFits(RunSpec spec, int tokens, MemoryStatus memory) {
        MemoryEstimate estimate = of(spec, tokens);
        if (estimate.fits(memory)) {
            return;
        }
        int chunk = spec.chunk().orElse(tokens);
        int decode = spec.decode().orElse(0);
        throw new DoesNotFitException(String.format(
                Locale.ROOT,
                "%s with batch %,d and context %,d%s%s needs %s (weights %s, activations %s%s);"
                        + " %s of this machine's %s are available; %s",
                spec.model().name(),
                spec.batch(),
                tokens,
                chunk < tokens ? String.format(Locale.ROOT, " in chunks of %,d", chunk) : "",
                decode > 0 ? String.format(Locale.ROOT, " and %,d tokens to decode", decode) : "",
                gibibytes(estimate.totalBytes()),
                gibibytes(BigInteger.valueOf(estimate.weightsBytes)),
                gibibytes(BigInteger.valueOf(estimate.activationsBytes)),
                spec.needsCache(tokens) ? ", KV cache " + gibibytes(BigInteger.valueOf(estimate.cacheBytes)) : "",
                gibibytes(BigInteger.valueOf(memory.available())),
                gibibytes(BigInteger.valueOf(memory.total())),
                remedy(spec, tokens, memory)));
    }

    /** The first option that helps, of those that change the run less before those that change it more. */
    private static String remedy(RunSpec spec, int tokens, MemoryStatus memory) {
        WeightsMode weights = spec.weights();
        int chunk = Math.min(spec.chunk().orElse(tokens), tokens);
        int decode = spec.decode().orElse(0);
        if (of(spec, WeightsMode.SHARED, tokens, chunk, decode).fits(memory)) {
            return "--weights shared would fit";
        }
        int tooManyChunks = (tokens - 1) / Phase.MOST_STEPS;
        return largest(
                        "--chunk",
                        tooManyChunks,
                        chunk,
                        fewer -> of(spec, weights, tokens, fewer, decode).fits(memory))
                .or(() -> largest(
                        "--decode",
                        0,
                        decode,
                        fewer -> of(spec, weights, tokens, chunk, fewer).fits(memory)))
                .or(() -> largest(
                        "--context",
                        0,
                        tokens,
                        fewer -> of(spec, weights, fewer, chunk, decode).fits(memory)))
                .or(() -> largest(
                        "--weights shared --context",
                        0,
                        tokens,
                        fewer -> of(spec, WeightsMode.SHARED, fewer, chunk, decode)
                                .fits(memory)))
                .orElse("no option makes it fit");
    }

    /** Offers the largest number between the two that fits, which bisection finds: memory grows with the number. */
    private static Optional<String> largest(String option, int tooSmall, int tooLarge, IntPredicate fits) {
        int fitting = tooSmall;
        int beyond = tooLarge;
        while (beyond - fitting > 1) {
            int middle = fitting + (beyond - fitting) / 2;
            if (fits.test(middle)) {
                fitting = middle;
            } else {
                beyond = middle;
            }
        }
        return fitting == tooSmall ? Optional.empty() : Optional.of(option + " " + fitting + " would fit");
    }

    private static String gibibytes(BigInteger bytes) {
        return String.format(Locale.ROOT, "%,.2f GiB", bytes.doubleValue() / (1L << 30));
    }
}
