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
        return describe(vendor, version, kernel);
    }

    /** The kernel in words. */
    public String describeKernel() {
        return describeKernel(vendor, kernel);
    }

    /** As {@link #describe()}, of a library that another process ran. */
    public static String describe(String vendor, String version, String kernel) {
        return vendor + " " + version + ", kernel " + describeKernel(vendor, kernel);
    }

    /** oneDNN names its kernels by the widest instruction set that they may use, whatever the products are of. */
    private static String describeKernel(String vendor, String kernel) {
        return vendor.equals("oneDNN") ? kernel + " (instruction set; products are float32)" : kernel;
    }
}
