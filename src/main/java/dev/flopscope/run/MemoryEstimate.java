package dev.flopscope.run;

import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.MemoryStatus;
import java.math.BigInteger;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * What a run will need, worked out before anything is allocated.
 *
 * @param weightsBytes of the weights, as the run will hold them
 * @param activationsBytes of the activations
 * @param cacheBytes of the keys and values kept for tokens that are decoded
 * @param otherBytes of the Java process, the libraries, the rotary tables and the ledger
 */
record MemoryEstimate(long weightsBytes, long activationsBytes, long cacheBytes, BigInteger otherBytes) {
    /** Java's heap and code, and the natives: measured 0.4 GiB on a small model, rounded up. */
    private static final long PROCESS_BYTES = 512L << 20;
    /** Sites, tallies and matrices of one layer: an upper bound. */
    private static final long LEDGER_BYTES_PER_LAYER = 8L << 10;

    private static final long FLOAT_BYTES = 4;

    /** What a pass needs that decodes nothing. */
    static MemoryEstimate of(Account account, WeightsMode weights) {
        return of(account, weights, 0);
    }

    /** What a pass and {@code decode} tokens after it need, with the buffers of a pass of one token. */
    private static MemoryEstimate of(Account account, WeightsMode weights, int decode) {
        int positions = (int) Math.min(Integer.MAX_VALUE, (long) account.context() + decode);
        BigInteger rotary = BigInteger.valueOf(FLOAT_BYTES)
                .multiply(BigInteger.valueOf((long) account.context() + (decode == 0 ? 0 : positions)))
                .multiply(BigInteger.valueOf(account.model().headDim()));
        BigInteger ledger = BigInteger.valueOf(LEDGER_BYTES_PER_LAYER)
                .multiply(BigInteger.valueOf(account.model().numLayers()));
        return new MemoryEstimate(
                weights == WeightsMode.SHARED
                        ? account.memory().sharedWeightsBytes()
                        : account.memory().weightsBytes(),
                decode == 0
                        ? account.memory().activationsBytes()
                        : Math.addExact(
                                account.memory().activationsBytes(),
                                account.atContext(1).memory().activationsBytes()),
                decode == 0 ? 0 : account.atContext(positions).memory().kvCacheBytes(),
                BigInteger.valueOf(PROCESS_BYTES).add(rotary).add(ledger));
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
     * @throws DoesNotFitException with what it needs, what there is, and the option that would make it fit
     */
    static void requireFits(RunSpec spec, Account account, MemoryStatus memory) {
        int decode = spec.decode().orElse(0);
        MemoryEstimate estimate = of(account, spec.weights(), decode);
        if (estimate.fits(memory)) {
            return;
        }
        throw new DoesNotFitException(String.format(
                Locale.ROOT,
                "%s with batch %,d and context %,d%s needs %s (weights %s, activations %s%s);"
                        + " %s of this machine's %s are available; %s",
                account.model().name(),
                account.batch(),
                account.context(),
                decode == 0 ? "" : String.format(Locale.ROOT, " and %,d tokens to decode", decode),
                gibibytes(estimate.totalBytes()),
                gibibytes(BigInteger.valueOf(estimate.weightsBytes)),
                gibibytes(BigInteger.valueOf(estimate.activationsBytes)),
                decode == 0 ? "" : ", KV cache " + gibibytes(BigInteger.valueOf(estimate.cacheBytes)),
                gibibytes(BigInteger.valueOf(memory.available())),
                gibibytes(BigInteger.valueOf(memory.total())),
                remedy(spec, account, memory)));
    }

    private static String remedy(RunSpec spec, Account account, MemoryStatus memory) {
        int decode = spec.decode().orElse(0);
        if (spec.weights() == WeightsMode.FULL
                && of(account, WeightsMode.SHARED, decode).fits(memory)) {
            return "--weights shared would fit";
        }
        OptionalInt tokens =
                largest(decode, fewer -> of(account, spec.weights(), fewer).fits(memory));
        if (tokens.isPresent()) {
            return String.format(Locale.ROOT, "--decode %d would fit", tokens.getAsInt());
        }
        OptionalInt context = longestThatFits(account, spec.weights(), decode, memory);
        if (context.isPresent()) {
            return String.format(Locale.ROOT, "--context %d would fit", context.getAsInt());
        }
        OptionalInt shared = spec.weights() == WeightsMode.FULL
                ? longestThatFits(account, WeightsMode.SHARED, decode, memory)
                : OptionalInt.empty();
        return shared.isPresent()
                ? String.format(Locale.ROOT, "--weights shared --context %d would fit", shared.getAsInt())
                : "no option makes it fit";
    }

    private static OptionalInt longestThatFits(Account account, WeightsMode weights, int decode, MemoryStatus memory) {
        return largest(
                account.context(),
                context -> of(account.atContext(context), weights, decode).fits(memory));
    }

    /** The largest number from 1 to below {@code tooLarge} that fits, by bisection: memory grows with it. */
    private static OptionalInt largest(int tooLarge, IntPredicate fits) {
        int fitting = 0;
        int beyond = tooLarge;
        while (beyond - fitting > 1) {
            int middle = fitting + (beyond - fitting) / 2;
            if (fits.test(middle)) {
                fitting = middle;
            } else {
                beyond = middle;
            }
        }
        return fitting == 0 ? OptionalInt.empty() : OptionalInt.of(fitting);
    }

    private static String gibibytes(BigInteger bytes) {
        return String.format(Locale.ROOT, "%,.2f GiB", bytes.doubleValue() / (1L << 30));
    }
}
