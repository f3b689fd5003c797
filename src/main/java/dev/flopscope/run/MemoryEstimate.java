package dev.flopscope.run;

import dev.flopscope.backend.Footprint;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.Phase;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.machine.MemoryStatus;
import dev.flopscope.weights.ParameterShapes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * What a run will need, worked out before anything is allocated.
 *
 * @param weightsBytes of the weights, as the run will hold them, with what is kept beside each
 * @param activationsBytes of the activations
 * @param cacheBytes of the keys and values that are cached, if they are
 * @param otherBytes of the Java process, the libraries, tiles and views of attention, rotary tables and ledgers; or of what is
 *     allocated before the first pass, where that is more
 * @param heapBytes of all these, what lies in Java's heap
 */
record MemoryEstimate(
        long weightsBytes, long activationsBytes, long cacheBytes, BigInteger otherBytes, BigInteger heapBytes) {
    private static final String WOULD_FIT = " would fit";

    /** What a run with a prompt of {@code tokens} needs, without the measurement of ceilings. */
    static MemoryEstimate of(RunSpec spec, int tokens) {
        return of(spec, tokens, 0);
    }

    /**
     * What a run needs.
     *
     * @param tokens of its prompt
     * @param ceilingBytes what is allocated while ceilings are measured, 0 if they are not
     */
    static MemoryEstimate of(RunSpec spec, int tokens, long ceilingBytes) {
        return of(spec, tokens, ceilingBytes, Engines.footprint(spec.engine(), spec.threads()));
    }

    /** The same for a process in which the backend takes what {@code backend} says. */
    static MemoryEstimate of(RunSpec spec, int tokens, long ceilingBytes, Footprint backend) {
        return Need.of(spec, tokens, ceilingBytes, backend, false).estimate();
    }

    private static MemoryEstimate of(Need need) {
        List<Phase> phases = new ArrayList<>();
        phases.add(Phase.prefill(need.spec.batch(), need.tokens, need.chunk, need.logits));
        if (need.decode > 0) {
            phases.add(Phase.decode(need.spec.batch(), need.tokens, need.decode));
        }
        MemoryEstimate estimate =
                new SessionFootprint(need.backend, need.shapes, need.spec, phases).estimate(need.ceilingBytes);
        long tokens = Math.multiplyExact((long) need.spec.batch(), Footprint.most(phases, Phase::queries));
        return need.proves ? estimate.with(ProofFootprint.bytes(need.shapes, tokens, need.spec.threads())) : estimate;
    }

    /** The same with more objects in Java's heap. */
    private MemoryEstimate with(long objects) {
        BigInteger more = BigInteger.valueOf(objects);
        return new MemoryEstimate(
                weightsBytes, activationsBytes, cacheBytes, otherBytes.add(more), heapBytes.add(more));
    }

    /** All of it. */
    BigInteger totalBytes() {
        return BigInteger.valueOf(weightsBytes)
                .add(BigInteger.valueOf(activationsBytes))
                .add(BigInteger.valueOf(cacheBytes))
                .add(otherBytes);
    }

    private boolean fits(MemoryStatus memory) {
        return totalBytes().compareTo(BigInteger.valueOf(memory.available())) <= 0 && fitsHeap();
    }

    private boolean fitsHeap() {
        return heapBytes.compareTo(BigInteger.valueOf(Runtime.getRuntime().maxMemory())) <= 0;
    }

    /**
     * Refuses a run that does not fit.
     *
     * @param tokens of its prompt
     * @param ceilingBytes what is allocated while ceilings are measured, 0 if they are not
     * @throws DoesNotFitException with what it needs, what there is, and the option that would make it fit
     */
    static void requireFits(RunSpec spec, int tokens, long ceilingBytes, MemoryStatus memory) {
        requireFits(spec, tokens, ceilingBytes, false, memory);
    }

    /**
     * The same.
     *
     * @param proves whether each product is proven
     * @throws DoesNotFitException if the run does not fit
     */
    static void requireFits(RunSpec spec, int tokens, long ceilingBytes, boolean proves, MemoryStatus memory) {
        Need need = Need.of(spec, tokens, ceilingBytes, Engines.footprint(spec.engine(), spec.threads()), proves);
        MemoryEstimate estimate = need.estimate();
        if (estimate.fits(memory)) {
            return;
        }
        int chunk = spec.chunk().orElse(tokens);
        int decode = spec.decode().orElse(0);
        throw new DoesNotFitException(String.format(
                Locale.ROOT,
                "%s with batch %,d and context %,d%s%s needs %s (weights %s, activations %s%s%s);"
                        + " %s of %s %s are available; %s",
                spec.model().name(),
                spec.batch(),
                tokens,
                chunk < tokens ? String.format(Locale.ROOT, " in chunks of %,d", chunk) : "",
                decode > 0 ? String.format(Locale.ROOT, " and %,d tokens to decode", decode) : "",
                gibibytes(estimate.totalBytes()),
                gibibytes(BigInteger.valueOf(estimate.weightsBytes)),
                gibibytes(BigInteger.valueOf(estimate.activationsBytes)),
                spec.needsCache(tokens) ? ", KV cache " + gibibytes(BigInteger.valueOf(estimate.cacheBytes)) : "",
                estimate.fitsHeap()
                        ? ""
                        : ", objects " + gibibytes(estimate.heapBytes) + ", where Java's heap may have "
                                + gibibytes(
                                        BigInteger.valueOf(Runtime.getRuntime().maxMemory())) + " by -Xmx",
                gibibytes(BigInteger.valueOf(memory.available())),
                spec.engine().isOnGpu() ? "the GPU's" : "this machine's",
                gibibytes(BigInteger.valueOf(memory.total())),
                remedy(need, memory)));
    }

    /**
     * The first option that helps, of those that change the run less before those that change it more: which logits are kept
     * and whose weights are read, then chunks, then fewer tokens.
     */
    private static String remedy(Need need, MemoryStatus memory) {
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
     * @param backend what its backend takes
     * @param shapes of the tensors of parameters
     * @param ceilingBytes what is allocated while ceilings are measured
     * @param logits of which tokens of the prompt there are logits
     * @param tokens of the prompt
     * @param chunk tokens of the prompt in one pass
     * @param decode tokens to decode
     * @param proves whether each product is proven
     */
    private record Need(
            RunSpec spec,
            Footprint backend,
            ParameterShapes shapes,
            long ceilingBytes,
            LogitsRows logits,
            int tokens,
            int chunk,
            int decode,
            boolean proves) {
        static Need of(RunSpec spec, int tokens, long ceilingBytes, Footprint backend, boolean proves) {
            return new Need(
                    spec,
                    backend,
                    ParameterShapes.of(spec.model(), spec.weights()),
                    ceilingBytes,
                    spec.logits(),
                    tokens,
                    Math.min(spec.chunk().orElse(tokens), tokens),
                    spec.decode().orElse(0),
                    proves);
        }

        Need withWeights(WeightsMode other) {
            return new Need(
                    spec,
                    backend,
                    ParameterShapes.of(spec.model(), other),
                    ceilingBytes,
                    logits,
                    tokens,
                    chunk,
                    decode,
                    proves);
        }

        Need withLogits(LogitsRows other) {
            return new Need(spec, backend, shapes, ceilingBytes, other, tokens, chunk, decode, proves);
        }

        private Need withTokens(int fewer, int inChunks, int decoded) {
            return new Need(
                    spec, backend, shapes, ceilingBytes, logits, fewer, Math.min(fewer, inChunks), decoded, proves);
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
                    fewer -> withTokens(tokens, fewer, decode).fits(memory));
        }

        Optional<String> decodes(String options, MemoryStatus memory) {
            return largest(
                    options,
                    0,
                    decode,
                    fewer -> withTokens(tokens, chunk, fewer).fits(memory));
        }

        Optional<String> contexts(String options, MemoryStatus memory) {
            return largest(
                    options,
                    0,
                    tokens,
                    fewer -> withTokens(fewer, chunk, decode).fits(memory));
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
