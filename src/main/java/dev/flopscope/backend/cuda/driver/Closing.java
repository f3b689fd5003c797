package dev.flopscope.backend.cuda.driver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Closes several things although one of them fails: after an error of the device, everything that is freed fails. */
public final class Closing {
    private @Nullable RuntimeException first;

    private Closing() {}

    /**
     * Does all {@code steps}, in their order.
     *
     * @throws RuntimeException of the first that failed, with the others as suppressed ones
     */
    public static void all(List<Runnable> steps) {
        Closing closing = new Closing();
        steps.forEach(closing::attempt);
        if (closing.first != null) {
            throw closing.first;
        }
    }

    private void attempt(Runnable step) {
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

    /** Does all {@code steps} because of {@code failure}, which keeps what fails then as suppressed. */
    public static void because(Throwable failure, List<Runnable> steps) {
        try {
            all(steps);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
