package dev.flopscope.machine;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The BLAS library in use, as it describes itself after it was loaded.
 *
 * @param vendor {@code OpenBLAS}, or {@code unknown}
 * @param version its version
 * @param kernel the kernel it runs, in its own name, such as {@code SkylakeX}
 * @param threads threads it uses for one product
 */
public record Blas(String vendor, String version, String kernel, int threads) {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Pattern OPENBLAS_FILE = Pattern.compile("\\s(/\\S*libopenblas[^/\\s]*)$");
    private static final Pattern CONFIG_VERSION = Pattern.compile("OpenBLAS\\s+(\\d\\S*)");
    private static final String UNKNOWN = "unknown";

    /** Asks the loaded library; what it does not tell is unknown, never an error. Start ND4J first. */
    public static Blas detect(int threads) {
        return loadedOpenBlas()
                .map(library -> new Blas(
                        "OpenBLAS",
                        version(text(library, "openblas_get_config")),
                        text(library, "openblas_get_corename"),
                        threads))
                .orElseGet(() -> new Blas(UNKNOWN, UNKNOWN, UNKNOWN, threads));
    }

    private static Optional<NativeLibrary> loadedOpenBlas() {
        try {
            Optional<String> file = Files.readAllLines(MAPS).stream()
                    .map(OPENBLAS_FILE::matcher)
                    .filter(Matcher::find)
                    .map(matcher -> matcher.group(1))
                    .filter(path -> !path.contains("libjni"))
                    .findFirst();
            return file.map(NativeLibrary::getInstance);
        } catch (IOException | UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    private static String text(NativeLibrary library, String function) {
        try {
            String answer = library.getFunction(function).invokeString(new Object[0], false);
            return answer == null || answer.isBlank() ? UNKNOWN : answer.trim();
        } catch (UnsatisfiedLinkError e) {
            return UNKNOWN;
        }
    }

    private static String version(String config) {
        Matcher matcher = CONFIG_VERSION.matcher(config);
        return matcher.find() ? matcher.group(1) : UNKNOWN;
    }

    /** {@code OpenBLAS 0.3.19, kernel SkylakeX}. */
    public String describe() {
        return vendor + " " + version + ", kernel " + kernel;
    }
}
