package dev.flopscope.machine;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;

/**
 * The library that multiplies, as it describes itself after it was loaded.
 *
 * @param vendor {@code oneDNN}, {@code OpenBLAS}, or {@code unknown}
 * @param version its version
 * @param kernel the kernel it runs, in its own name, such as {@code SkylakeX}
 * @param threads threads it uses for one product
 */
public record Blas(String vendor, String version, String kernel, int threads) {
    private static final Pattern CONFIG_VERSION = Pattern.compile("OpenBLAS\\s+(\\d\\S*)");
    private static final String UNKNOWN = "unknown";

    /**
     * Asks the loaded OpenBLAS; what it does not tell is unknown, never an error. Start ND4J first.
     *
     * <p>The functions are found among the symbols already loaded. Opening the library a second time to ask it would be
     * simpler, but JNA closes what it opened once it is garbage, and closing ends OpenBLAS's buffers under the next product.
     */
    public static Blas detect(int threads) {
        Optional<String> kernel = ask("openblas_get_corename");
        if (kernel.isEmpty()) {
            return new Blas(UNKNOWN, UNKNOWN, UNKNOWN, threads);
        }
        String version = ask("openblas_get_config").map(Blas::version).orElse(UNKNOWN);
        return new Blas("OpenBLAS", version, kernel.get(), threads);
    }

    private static Optional<String> ask(String function) {
        org.bytedeco.javacpp.Pointer address = Loader.addressof(function);
        if (address == null || address.isNull()) {
            return Optional.empty();
        }
        String answer = Function.getFunction(new Pointer(address.address())).invokeString(new Object[0], false);
        return Optional.ofNullable(answer).map(String::trim).filter(text -> !text.isEmpty());
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
