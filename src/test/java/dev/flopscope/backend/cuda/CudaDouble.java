package dev.flopscope.backend.cuda;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The double of a GPU: a library, built by g++ from {@code src/test/cuda}, with the functions of NVIDIA's libraries that the engine
 * uses. It is built once for each state of its sources.
 */
public final class CudaDouble {
    /** Why there is none, where there is none. */
    public static final String MISSING = "there is no g++ on this machine, which builds the double of a GPU";

    private static final Path SOURCES = Path.of("src", "test", "cuda");
    private static final Path BUILT = Path.of("target", "cuda-double");
    private static final Optional<Path> LIBRARY = build();

    private CudaDouble() {}

    /** What the double is told and asked, beside what the engine does with it. */
    public interface Controls extends Library {
        /** Forgets faults, errors and counts of calls. */
        void double_reset();

        /** Lets the nth next call of a function, or of any for {@code "*"}, fail. */
        void double_fail(String function, long nth, int code);

        /** How many of something are alive. */
        long double_live(String what);

        /** How much memory the device has. */
        void double_memory(long bytes);

        /** What driver, how many devices, and of which compute capability. */
        void double_machine(int version, int count, int capability);

        /** How often a function was called. */
        long double_calls(String function);

        /** What went wrong in a kernel, in words. */
        String double_last_error();
    }

    /** Whether there is one. */
    public static boolean isAvailable() {
        return LIBRARY.isPresent();
    }

    /** Has the engine use it, from now on. */
    public static void use() {
        System.setProperty("flopscope.cuda.libraries", library().toString());
        System.setProperty("flopscope.cuda.cache", library() + ".kernels");
    }

    /** The library. */
    public static Path library() {
        return LIBRARY.orElseThrow(() -> new IllegalStateException(MISSING));
    }

    /** Its controls. */
    public static Controls controls() {
        return Native.load(library().toString(), Controls.class);
    }

    private static Optional<Path> build() {
        try {
            String header = Files.readString(SOURCES.resolve("device.h"));
            String source = Files.readString(SOURCES.resolve("double.cpp"));
            CRC32 content = new CRC32();
            content.update((header + source).getBytes(StandardCharsets.UTF_8));
            Path library = BUILT.resolve("libdouble-" + Long.toHexString(content.getValue()) + ".so")
                    .toAbsolutePath();
            if (Files.exists(library)) {
                return Optional.of(library);
            }
            Files.createDirectories(BUILT);
            Files.writeString(BUILT.resolve("device.inc"), "R\"device(" + header + ")device\"\n");
            Path whole = Files.createTempFile(BUILT, "double", ".so");
            if (!compiled(whole)) {
                return Optional.empty();
            }
            return Optional.of(Files.move(whole, library, StandardCopyOption.REPLACE_EXISTING));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is a compiler; one that does not compile the double is an error. */
    private static boolean compiled(Path library) throws IOException {
        Process compiler;
        try {
            compiler = new ProcessBuilder(List.of(
                            "g++",
                            "-std=c++17",
                            "-O2",
                            "-Wall",
                            "-Werror",
                            "-shared",
                            "-fPIC",
                            "-I" + SOURCES,
                            "-I" + BUILT,
                            "-o",
                            library.toString(),
                            SOURCES.resolve("double.cpp").toString(),
                            "-ldl"))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return false;
        }
        String log = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (compiler.waitFor() != 0) {
                throw new IllegalStateException("g++ does not compile the double of a GPU:\n" + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return true;
    }
}
