package dev.flopscope.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --threads}. */
final class ThreadsOption {
    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = ThreadsConverter.class,
            description = "Threads of BLAS and of everything between products (default: this machine's cores).")
    private @Nullable Integer threads;

    /** The number given, or the cores. */
    int count() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** Reads a number of threads; each has a tile of scores of its own, so their number is bounded. */
    static final class ThreadsConverter implements ITypeConverter<Integer> {
        private static final int MOST = 256;

        @Override
        public Integer convert(String value) {
            int threads = Numbers.number(value);
            if (threads > MOST) {
                throw new TypeConversionException("'" + value + "' is more than " + MOST + " threads");
            }
            return threads;
        }
    }
}
