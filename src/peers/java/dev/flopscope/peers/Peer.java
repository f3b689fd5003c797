package dev.flopscope.peers;

/** An engine that holds a model's weights and runs passes of one sequence of T tokens. */
interface Peer extends AutoCloseable {
    /** The engine, its version and what it was told to use. */
    String name();

    /**
     * Runs a pass; what is timed.
     *
     * @param ids T token ids
     */
    void run(int[] ids);

    /**
     * Reads logits of the last pass.
     *
     * @param row the token's position
     * @param destination overwritten with V logits
     */
    void readLogits(int row, float[] destination);

    /** Frees the engine's memory. */
    @Override
    void close();
}
