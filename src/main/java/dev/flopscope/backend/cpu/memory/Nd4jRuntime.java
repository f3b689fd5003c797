package dev.flopscope.backend.cpu.memory;

import dev.flopscope.machine.BlasSettings;
import java.util.Map;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J, started. Whoever allocates a matrix needs one of these, so nothing can load the natives before the BLAS kernel has
 * been chosen, however the program was started.
 *
 * <p>The number of BLAS threads is global to the process: a second runtime changes it for the first.
 */
public final class Nd4jRuntime implements AutoCloseable {
    private static final Map<String, String> SETTINGS = Map.of(
            "org.bytedeco.javacpp.maxbytes", "0",
            "org.bytedeco.javacpp.maxphysicalbytes", "0",
            "org.bytedeco.javacpp.logger", "slf4j");

    /** Threads of OpenBLAS, of OpenMP for oneDNN and ND4J, and those for the work between products. */
    private static final int POOLS = 3;
    /** What Java starts while a pass runs, such as compilers and hooks. */
    private static final int OTHER_THREADS = 8;

    private final Workers workers;

    private Nd4jRuntime(Workers workers) {
        this.workers = workers;
    }

    /**
     * Starts ND4J.
     *
     * @param threads threads of one BLAS product and of the operators between products, at least 1
     * @throws IllegalArgumentException if {@code threads} is less than 1
     * @throws OutOfMemoryError if the system does not allow as many threads
     */
    public static Nd4jRuntime start(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1: " + threads);
        }
        prepare();
        Workers.requireStartable(Math.addExact(Math.multiplyExact(POOLS, threads), OTHER_THREADS));
        Nd4j.factory().blas().setMaxThreads(threads);
        return new Nd4jRuntime(new Workers(threads));
    }

    /**
     * Makes the settings that native libraries and JavaCPP read once, when they load. For whoever asks for a library before
     * a runtime is started; later calls change nothing.
     *
     * <p>JavaCPP caps native memory at the Java heap's size unless told otherwise, and past its second limit calls the
     * garbage collector ten times with sleeps. The run's own estimate refuses what does not fit, before anything is
     * allocated. Its warning that ND4J's presets are older than it goes to the logger, which drops it: the tests run on just
     * these versions.
     */
    public static void prepare() {
        BlasSettings.prepare();
        SETTINGS.forEach((property, value) -> {
            if (System.getProperty(property) == null) {
                System.setProperty(property, value);
            }
        });
    }

    /** The threads for work between products. */
    public Workers workers() {
        return workers;
    }

    /** Ends the worker threads; ND4J itself stays loaded. */
    @Override
    public void close() {
        workers.close();
    }
}
