package dev.flopscope.run;

import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.flops.Account;
import dev.flopscope.machine.MemoryStatus;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run will need, worked out before anything is allocated.
 *
 * @param weightsBytes of the weights, as the run will hold them
 * @param activationsBytes of the activations
 * @param otherBytes of the Java process, the libraries, the rotary tables and the ledger
 */
record MemoryEstimate(long weightsBytes, long activationsBytes, BigInteger otherBytes) {
    /** Java's heap and code, and the natives: measured 0.4 GiB on a small model, rounded up. */
    private static final long PROCESS_BYTES = 512L << 20;
    /** Sites, tallies and matrices of one layer: an upper bound. */
    private static final long LEDGER_BYTES_PER_LAYER = 8L << 10;

    private static final long FLOAT_BYTES = 4;

    static MemoryEstimate of(Account account, WeightsMode weights) {
        BigInteger rotary = BigInteger.valueOf(FLOAT_BYTES)
                .multiply(BigInteger.valueOf(account.context()))
                .multiply(BigInteger.valueOf(account.model().headDim()));
        BigInteger ledger = BigInteger.valueOf(LEDGER_BYTES_PER_LAYER)
                .multiply(BigInteger.valueOf(account.model().numLayers()));
        return new MemoryEstimate(
                weights == WeightsMode.SHARED
                        ? account.memory().sharedWeightsBytes()
                        : account.memory().weightsBytes(),
                account.memory().activationsBytes(),
                BigInteger.valueOf(PROCESS_BYTES).add(rotary).add(ledger));
    }

    private BigInteger totalBytes() {
        return BigInteger.valueOf(weightsBytes)
                .add(BigInteger.valueOf(activationsBytes))
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
        MemoryEstimate estimate = of(account, spec.weights());
        if (estimate.fits(memory)) {
            return;
        }
        throw new DoesNotFitException(String.format(
                Locale.ROOT,
                "%s with batch %,d and context %,d needs %s (weights %s, activations %s);"
                        + " %s of this machine's %s are available; %s",
                account.model().name(),
                account.batch(),
                account.context(),
                gibibytes(estimate.totalBytes()),
                gibibytes(BigInteger.valueOf(estimate.weightsBytes)),
                gibibytes(BigInteger.valueOf(estimate.activationsBytes)),
                gibibytes(BigInteger.valueOf(memory.available())),
                gibibytes(BigInteger.valueOf(memory.total())),
                remedy(spec, account, memory)));
    }

    private static String remedy(RunSpec spec, Account account, MemoryStatus memory) {
        if (spec.weights() == WeightsMode.FULL
                && of(account, WeightsMode.SHARED).fits(memory)) {
            return "--weights shared would fit";
        }
        Optional<Integer> context = longestThatFits(account, spec.weights(), memory);
        if (context.isPresent()) {
            return String.format(Locale.ROOT, "--context %d would fit", context.get());
        }
        if (spec.weights() == WeightsMode.FULL) {
            return longestThatFits(account, WeightsMode.SHARED, memory)
                    .map(shared -> String.format(Locale.ROOT, "--weights shared --context %d would fit", shared))
                    .orElse("no option makes it fit");
        }
        return "no option makes it fit";
    }

    /** The longest context that fits, by bisection: memory grows with T. */
    private static Optional<Integer> longestThatFits(Account account, WeightsMode weights, MemoryStatus memory) {
        int fits = 0;
        int tooLong = account.context();
        while (tooLong - fits > 1) {
            int middle = fits + (tooLong - fits) / 2;
            Account shorter = account.atContext(middle);
            if (of(shorter, weights).fits(memory)) {
                fits = middle;
            } else {
                tooLong = middle;
            }
        }
        return fits == 0 ? Optional.empty() : Optional.of(fits);
    }

    private static String gibibytes(BigInteger bytes) {
        return String.format(Locale.ROOT, "%,.2f GiB", bytes.doubleValue() / (1L << 30));
    }
}
