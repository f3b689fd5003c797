package dev.flopscope.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --threads}. */
final class ThreadsOption {
    /** Each has a tile of scores of its own, so their number is bounded. */
    private static final int MOST = 256;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of BLAS and of everything between products (default: this machine's cores).")
    private @Nullable Integer threads;

    /**
     * The number given, or the cores.
     *
     * @throws TypeConversionException if there are too many
     */
    int count() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : bounded(threads);
    }

    /**
     * Checks a number of threads.
     *
     * @throws TypeConversionException if there are too many
     */
    static int bounded(int threads) {
        if (threads > MOST) {
            throw new TypeConversionException("--threads " + threads + " is more than " + MOST + " threads");
        }
        return threads;
    }
}
