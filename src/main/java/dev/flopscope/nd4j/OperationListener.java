package dev.flopscope.nd4j;

/** Told of the operations that ND4J has executed. It is called on the thread that executed one, and on several at once. */
public interface OperationListener {
    /** Whether it wants to be told of operations of that name, which are not described to it otherwise. */
    boolean wants(String name);

    /**
     * Told once of each operation that it wants, after that succeeded.
     *
     * @param operation what was executed
     * @param scope the name scope of SameDiff that it belongs to, as {@code encoder/attention}; empty outside of any
     * @param nanoseconds how long it took
     */
    void executed(Operation operation, String scope, long nanoseconds);
}
