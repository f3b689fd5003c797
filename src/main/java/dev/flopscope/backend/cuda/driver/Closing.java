package dev.flopscope.backend.cuda.driver;

import java.util.List;

/** Closes several things although one of them fails: after an error of the device, everything that is freed fails. */
public final class Closing {
    private Closing() {}

    /**
     * Does all {@code steps}, in their order.
     *
     * @throws RuntimeException of the first that failed, with the others as suppressed ones
     */
    public static void all(List<Runnable> steps) {
        RuntimeException first = null;
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Does all {@code steps} because of {@code failure}, which keeps what fails then as suppressed. */
    public static void because(Throwable failure, List<Runnable> steps) {
        try {
            all(steps);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
