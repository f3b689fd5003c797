package dev.flopscope.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every file begins with.
 *
 * @param schemaVersion {@value #VERSION}
 * @param command which command wrote it
 * @param flopscope which Flopscope
 * @param date when, in UTC, as in {@code 2026-01-01T00:00:00Z}
 * @param commandLine the words of the command line, without the program's name
 * @param machine where something ran
 * @param engine by what
 * @param gpu on which graphics processor, where it was not the processor
 */
public record Envelope(
        int schemaVersion,
        String command,
        Program flopscope,
        String date,
        List<String> commandLine,
        @Nullable Machine machine,
        @Nullable Engine engine,
        @Nullable Gpu gpu) {
    /** The version of the schema that these records are. */
    public static final int VERSION = 2;

    /** A build of Flopscope. */
    public record Program(String version, String commit) {}

    /** A machine; a sweep's rows say nothing of its memory. */
    public record Machine(
            String cpu,
            int cores,
            String vectorInstructions,
            @Nullable Long memoryTotalBytes,
            @Nullable Long memoryAvailableBytes,
            String java,
            String os) {
        /** Checks the number of cores. */
        public Machine {
            Json.requirePositive("cores", cores);
        }
    }

    /** A graphics processor that computed: the first of {@code devices}. */
    public record Gpu(
            String name,
            String architecture,
            int multiprocessors,
            long memoryTotalBytes,
            String driver,
            String compiler,
            int devices) {}

    /** What multiplied: the choice of {@code --engine}, and the library behind it as it describes itself. */
    public record Engine(String name, String library, String version, String kernel, int threads, String dtype) {
        /** Checks the number of threads. */
        public Engine {
            Json.requirePositive("threads", threads);
        }
    }
}
