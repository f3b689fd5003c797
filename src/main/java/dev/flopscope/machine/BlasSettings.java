package dev.flopscope.machine;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.util.List;
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

    /**
     * What native libraries read of threads, which {@code --threads} decides, and what makes them print into standard output,
     * where reports go.
     */
    static final List<String> CLEARED = List.of(
            "OMP_NUM_THREADS",
            "SD_MAX_THREADS",
            "SD_MASTER_THREADS",
            "ONEDNN_VERBOSE",
            "DNNL_VERBOSE",
            "MKLDNN_VERBOSE");

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
     *
     * @throws LinkageError if ND4J could not start because of a variable
     */
    public static void prepare() {
        requireReadable(System.getenv());
        if (Platform.isLinux()) {
            CLEARED.stream().filter(System.getenv()::containsKey).forEach(BlasSettings::clearInThisProcess);
            choose(System.getenv(), Cpu.detect()).forEach(BlasSettings::setInThisProcess);
        }
    }

    /** ND4J's Java code reads this one by itself, and takes a list, which OpenMP allows, for an error. */
    static void requireReadable(Map<String, String> environment) {
        String threads = environment.getOrDefault("OMP_NUM_THREADS", "");
        if (!threads.matches("\\d{0,9}")) {
            throw new LinkageError("ND4J takes one number of OMP_NUM_THREADS: OMP_NUM_THREADS=" + threads
                    + "; --threads says how many threads there are, so that it may be unset");
        }
    }

    private static void clearInThisProcess(String variable) {
        Function.getFunction("c", "unsetenv").invokeInt(new Object[] {variable});
    }

    private static void setInThisProcess(String variable, String value) {
        int overwrite = 1;
        Function.getFunction("c", "setenv").invokeInt(new Object[] {variable, value, overwrite});
    }
}
