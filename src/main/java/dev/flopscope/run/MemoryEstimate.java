package dev.flopscope.run;

import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.LogitsRows;
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
    /**
     * Sites, tallies and tensors of one layer whose prompt is read in one pass. Every later chunk and every decoded token adds
     * two shapes, some hundred bytes, to the tallies of a layer. That is left out: it is little beside the keys and values
     * that the same tokens cache, of which each takes thousands of bytes in a layer of a model that is large enough to matter.
     */
    private static final long LEDGER_BYTES_PER_LAYER = 8L << 10;

    private static final long FLOAT_BYTES = 4;

    private static final String WOULD_FIT = " would fit";

    /** What a run with a prompt of {@code tokens} needs. */
    static MemoryEstimate of(RunSpec spec, int tokens) {
        return Need.of(spec, tokens).estimate();
    }

    private static MemoryEstimate of(Need need) {
        RunSpec spec = need.spec;
        int tokens = need.tokens;
        int chunk = need.chunk;
        int decode = need.decode;
        List<Phase> phases = new ArrayList<>();
        phases.add(Phase.prefill(spec.batch(), tokens, chunk, need.logits));
        if (decode > 0) {
            phases.add(Phase.decode(spec.batch(), tokens, decode));
        }
        ModelConfig model = spec.model();
        MemoryAccount account = MemoryAccount.of(model, ParameterAccount.of(model), phases, spec.attention());
        BigInteger rotary = BigInteger.valueOf(FLOAT_BYTES * rotaryWidth(model))
                .multiply(BigInteger.valueOf((long) tokens + decode));
        return new MemoryEstimate(
                need.weights == WeightsMode.SHARED ? account.sharedWeightsBytes() : account.weightsBytes(),
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

    /**
     * The first option that helps, of those that change the run less before those that change it more: which logits are kept
     * and whose weights are read, then chunks, then fewer tokens.
     */
    private static String remedy(RunSpec spec, int tokens, MemoryStatus memory) {
        Need need = Need.of(spec, tokens);
        Need last = need.withLogits(LogitsRows.LAST);
        Need shared = need.withWeights(WeightsMode.SHARED);
        Need both = last.withWeights(WeightsMode.SHARED);
        return last.offered("--logits last", memory)
                .or(() -> shared.offered("--weights shared", memory))
                .or(() -> need.chunks("--chunk", memory))
                .or(() -> both.offered("--logits last --weights shared", memory))
                .or(() -> last.chunks("--logits last --chunk", memory))
                .or(() -> need.decodes("--decode", memory))
                .or(() -> last.decodes("--logits last --decode", memory))
                .or(() -> need.contexts("--context", memory))
                .or(() -> shared.contexts("--weights shared --context", memory))
                .orElse("no option makes it fit");
    }

    /**
     * A run with what can be changed about it.
     *
     * @param spec everything else
     * @param weights whether each layer has weights of its own
     * @param logits of which tokens of the prompt there are logits
     * @param tokens of the prompt
     * @param chunk tokens of the prompt in one pass
     * @param decode tokens to decode
     */
    private record Need(RunSpec spec, WeightsMode weights, LogitsRows logits, int tokens, int chunk, int decode) {
        static Need of(RunSpec spec, int tokens) {
            int chunk = Math.min(spec.chunk().orElse(tokens), tokens);
            return new Need(
                    spec,
                    spec.weights(),
                    spec.logits(),
                    tokens,
                    chunk,
                    spec.decode().orElse(0));
        }

        Need withWeights(WeightsMode other) {
            return new Need(spec, other, logits, tokens, chunk, decode);
        }

        Need withLogits(LogitsRows other) {
            return new Need(spec, weights, other, tokens, chunk, decode);
        }

        MemoryEstimate estimate() {
            return MemoryEstimate.of(this);
        }

        private boolean fits(MemoryStatus memory) {
            return estimate().fits(memory);
        }

        Optional<String> offered(String options, MemoryStatus memory) {
            return fits(memory) ? Optional.of(options + WOULD_FIT) : Optional.empty();
        }

        Optional<String> chunks(String options, MemoryStatus memory) {
            int tooManyChunks = (tokens - 1) / Phase.MOST_STEPS;
            return largest(
                    options,
                    tooManyChunks,
                    chunk,
                    fewer -> new Need(spec, weights, logits, tokens, fewer, decode).fits(memory));
        }

        Optional<String> decodes(String options, MemoryStatus memory) {
            return largest(
                    options, 0, decode, fewer -> new Need(spec, weights, logits, tokens, chunk, fewer).fits(memory));
        }

        Optional<String> contexts(String options, MemoryStatus memory) {
            return largest(
                    options, 0, tokens, fewer -> new Need(spec, weights, logits, fewer, chunk, decode).fits(memory));
        }

        /** Offers the largest number between the two that fits, which bisection finds: memory grows with the number. */
        private static Optional<String> largest(String options, int tooSmall, int tooLarge, IntPredicate fits) {
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
            return fitting == tooSmall ? Optional.empty() : Optional.of(options + " " + fitting + WOULD_FIT);
        }
    }

    private static String gibibytes(BigInteger bytes) {
        return String.format(Locale.ROOT, "%,.2f GiB", bytes.doubleValue() / (1L << 30));
    }
}
