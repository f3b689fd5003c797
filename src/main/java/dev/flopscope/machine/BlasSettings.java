package dev.flopscope.machine;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings that OpenBLAS reads once, when it loads: which kernel it runs, and how long its threads wait for work awake.
 *
 * <p>They are put into this process's own environment before the library loads, which works however Java was started. A
 * variable that the user has set is left alone.
 */
public final class BlasSettings {
    /**
     * The kernel's name. OpenBLAS picks a kernel by processor model, and one that is newer than the library gets an AVX2 or
     * older kernel: half the speed where AVX-512 would run.
     */
    public static final String KERNEL_VARIABLE = "OPENBLAS_CORETYPE";

    /**
     * How long an idle BLAS thread spins before it sleeps, as a power of two of clock cycles. The default, 26, is longer
     * than anything that happens between two products, so that BLAS's threads would take the cores from the kernels there.
     */
    static final String TIMEOUT_VARIABLE = "OPENBLAS_THREAD_TIMEOUT";

    /** The AVX-512 kernel that needs nothing newer than the first AVX-512 servers. */
    static final String AVX512_KERNEL = "SKYLAKEX";

    /** The least that OpenBLAS takes. On 2 cores a pass of gpt2-small reached 0.81 of sgemm's rate with it, 0.69 with 26. */
    static final String SHORTEST_TIMEOUT = "4";

    private BlasSettings() {}

    /**
     * What to set.
     *
     * @param environment the process's environment
     * @param cpu the processor
     * @return values by variable; none that the user has set
     */
    static Map<String, String> choose(Map<String, String> environment, Cpu cpu) {
        Map<String, String> settings = new TreeMap<>();
        settings.put(TIMEOUT_VARIABLE, SHORTEST_TIMEOUT);
        if (cpu.hasAvx512()) {
            settings.put(KERNEL_VARIABLE, AVX512_KERNEL);
        }
        settings.keySet().removeAll(environment.keySet());
        return settings;
    }

    /**
     * Makes the settings. Call it before the first touch of ND4J; later calls change nothing.
     *
     * <p>Modifies this process's environment as native code sees it; {@code System.getenv} keeps its old view.
     */
    public static void prepare() {
        if (Platform.isLinux()) {
            choose(System.getenv(), Cpu.detect()).forEach(BlasSettings::setInThisProcess);
        }
    }

    private static void setInThisProcess(String variable, String value) {
        int overwrite = 1;
        Function.getFunction("c", "setenv").invokeInt(new Object[] {variable, value, overwrite});
    }
}
