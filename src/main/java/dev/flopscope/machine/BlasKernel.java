package dev.flopscope.machine;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the kernel that OpenBLAS runs, before OpenBLAS is loaded.
 *
 * <p>OpenBLAS picks a kernel by processor model, and one that is newer than the library gets an AVX2 or older kernel: half
 * the speed where AVX-512 would run. The variable {@code OPENBLAS_CORETYPE} overrides that, and is read once, when the
 * library loads; so it is put into this process's own environment, which works however Java was started.
 */
public final class BlasKernel {
    /** The variable that names OpenBLAS's kernel. */
    public static final String VARIABLE = "OPENBLAS_CORETYPE";

    /** The AVX-512 kernel that needs nothing newer than the first AVX-512 servers. */
    static final String AVX512_KERNEL = "SKYLAKEX";

    private BlasKernel() {}

    /**
     * The kernel to ask for: none if the user named one or if OpenBLAS's own choice is as good as any.
     *
     * @param environment the process's environment
     * @param cpu the processor
     */
    static Optional<String> choose(Map<String, String> environment, Cpu cpu) {
        if (environment.containsKey(VARIABLE) || !cpu.hasAvx512()) {
            return Optional.empty();
        }
        return Optional.of(AVX512_KERNEL);
    }

    /**
     * Asks for the right kernel. Call it before the first touch of ND4J; later calls change nothing.
     *
     * <p>Modifies this process's environment as native code sees it; {@code System.getenv} keeps its old view.
     */
    public static void prepare() {
        if (!Platform.isLinux()) {
            return;
        }
        choose(System.getenv(), Cpu.detect()).ifPresent(BlasKernel::setInThisProcess);
    }

    private static void setInThisProcess(String kernel) {
        int overwrite = 1;
        Function.getFunction("c", "setenv").invokeInt(new Object[] {VARIABLE, kernel, overwrite});
    }
}
