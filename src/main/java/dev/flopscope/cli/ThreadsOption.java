package dev.flopscope.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --threads}. */
final class ThreadsOption {
    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Numbers.OneConverter.class,
            description = "Threads of BLAS and of everything between products (default: this machine's cores).")
    private @Nullable Integer threads;

    /** The number given, or the cores. */
    int count() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
