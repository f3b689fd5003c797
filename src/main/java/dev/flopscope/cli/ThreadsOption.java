package dev.flopscope.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --threads}. */
final class ThreadsOption {
    /** Each has a tile of scores of its own, so their number is bounded. */
    private static final int MOST = 256;

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

    private static int bounded(int threads) {
        if (threads > MOST) {
            throw new TypeConversionException("'" + threads + "' is more than " + MOST + " threads");
        }
        return threads;
    }

    /** Reads a number of threads. */
    static final class ThreadsConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return bounded(Numbers.number(value));
        }
    }

    /** Reads a list of numbers of threads. */
    static final class ListConverter implements ITypeConverter<Numbers> {
        @Override
        public Numbers convert(String value) {
            Numbers numbers = Numbers.parse(value);
            numbers.values().forEach(ThreadsOption::bounded);
            return numbers;
        }
    }
}
