package dev.flopscope.machine;

/**
 * The library that multiplies, as it describes itself after it was loaded.
 *
 * @param vendor {@code oneDNN}, {@code OpenBLAS}, or {@code unknown}
 * @param version its version
 * @param kernel the kernel it runs, in its own name, such as {@code SkylakeX}
 * @param threads threads it uses for one product
 */
public record Blas(String vendor, String version, String kernel, int threads) {
    /** {@code OpenBLAS 0.3.19, kernel SkylakeX}. */
    public String describe() {
        return vendor + " " + version + ", kernel " + kernel;
    }
}
