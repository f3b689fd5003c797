package dev.flopscope.nd4j;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The listeners of this process. Naming this class starts nothing of ND4J, so that an agent can listen before the program
 * that it was started with has begun.
 */
public final class OperationListeners {
    private static volatile OperationListener[] listeners = {};

    /** How many operations the thread is inside of that tell of themselves; what they are made of is not told again. */
    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private OperationListeners() {}

    /** Tells {@code listener} of all operations from now on. */
    public static synchronized void add(OperationListener listener) {
        OperationListener[] more = Arrays.copyOf(listeners, listeners.length + 1);
        more[listeners.length] = listener;
        listeners = more;
    }

    /** Tells {@code listener} of no further operation. */
    public static synchronized void remove(OperationListener listener) {
        listeners = Stream.of(listeners).filter(one -> one != listener).toArray(OperationListener[]::new);
    }

    /** Whether anybody wants to be told of an operation of that name, and the thread is not inside of another. */
    static boolean wanted(String name) {
        OperationListener[] now = listeners;
        if (now.length == 0 || DEPTH.get()[0] > 0) {
            return false;
        }
        for (OperationListener listener : now) {
            if (listener.wants(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Executes an operation that is wanted, and tells of it if it succeeded.
     *
     * @param work executes it
     * @param scope its name scope
     * @param description describes it, given its result
     */
    static <T> T told(Work<T> work, Supplier<String> scope, Function<? super T, Operation> description) {
        int[] depth = DEPTH.get();
        depth[0]++;
        long began = System.nanoTime();
        T result;
        try {
            result = work.execute();
        } finally {
            depth[0]--;
        }
        long nanoseconds = System.nanoTime() - began;
        Operation operation = description.apply(result);
        for (OperationListener listener : listeners) {
            if (listener.wants(operation.name())) {
                listener.executed(operation, scope.get(), nanoseconds);
            }
        }
        return result;
    }

    /** What executes an operation. */
    @FunctionalInterface
    interface Work<T> {
        /** Executes it. */
        T execute();
    }
}
