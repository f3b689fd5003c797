package dev.flopscope.tensor;

import dev.flopscope.machine.BlasSettings;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J, started. Whoever allocates a matrix needs one of these, so nothing can load the natives before the BLAS kernel has
 * been chosen, however the program was started.
 *
 * <p>The number of BLAS threads is global to the process: a second runtime changes it for the first.
 */
public final class Nd4jRuntime implements AutoCloseable {
    private final Workers workers;

    private Nd4jRuntime(Workers workers) {
        this.workers = workers;
    }

    /**
     * Starts ND4J.
     *
     * @param threads threads of one BLAS product and of the kernels between products, at least 1
     * @throws IllegalArgumentException if {@code threads} is less than 1
     */
    public static Nd4jRuntime start(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1: " + threads);
        }
        BlasSettings.prepare();
        liftJavaCppLimits();
        Nd4j.factory().blas().setMaxThreads(threads);
        return new Nd4jRuntime(new Workers(threads));
    }

    /**
     * JavaCPP caps native memory at the Java heap's size unless told otherwise, and past its second limit calls the garbage
     * collector ten times with sleeps. The run's own estimate refuses what does not fit, before anything is allocated.
     */
    private static void liftJavaCppLimits() {
        for (String limit : new String[] {"org.bytedeco.javacpp.maxbytes", "org.bytedeco.javacpp.maxphysicalbytes"}) {
            if (System.getProperty(limit) == null) {
                System.setProperty(limit, "0");
            }
        }
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
