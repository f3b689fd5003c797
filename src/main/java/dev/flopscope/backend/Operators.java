package dev.flopscope.backend;

import dev.flopscope.config.Activation;
import dev.flopscope.config.Chunk;

/**
 * What lies between products. None of these is a matrix product, and none is counted. Rows of a chunk come sequence by
 * sequence.
 */
public interface Operators {
    /**
     * Picks rows: row r of {@code result} becomes row {@code rows[r]} of {@code table}.
     *
     * @param table (V, D), a table of a {@link TensorLoader}, or a tensor of an {@link Allocator}
     * @param rows as many as {@code result} has
     * @param result (rows, D); overwritten
     */
    void gather(Tensor table, int[] rows, Tensor result);

    /**
     * RMSNorm (Zhang and Sennrich 2019): y = x / √(mean(x²) + ε) · g, row by row.
     *
     * @param input (rows, D)
     * @param gain (1, D)
     * @param epsilon ε
     * @param output (rows, D); overwritten, may be {@code input}
     */
    void rmsNorm(Tensor input, Tensor gain, double epsilon, Tensor output);

    /**
     * Turns every head of every row by its position, and multiplies it by {@code scale}.
     *
     * @param matrix (B·queries, heads·d), queries or keys; overwritten
     * @param table the angles, for at least {@code chunk.end()} positions
     * @param chunk where the rows stand
     * @param scale what every element is multiplied by as well
     */
    void rotate(Tensor matrix, RotaryTable table, Chunk chunk, float scale);

    /**
     * Appends the keys and values of a chunk to a cache; those at its positions are overwritten.
     *
     * @param cache a cache of {@link Backend#cache}
     * @param keys (B·queries, K·d)
     * @param values (B·queries, K·d)
     * @param chunk where the rows stand
     */
    void append(KeyValues cache, Tensor keys, Tensor values, Chunk chunk);

    /**
     * A non-linearity: {@code matrix = activation(matrix)}.
     *
     * @param matrix (rows, F); overwritten
     */
    void activate(Activation activation, Tensor matrix);

    /**
     * A gate: {@code gate = activation(gate) · up}, element by element.
     *
     * @param gate (rows, F); overwritten with the result
     * @param up (rows, F)
     */
    void gate(Activation activation, Tensor gate, Tensor up);

    /**
     * A residual sum.
     *
     * @param stream (rows, D); {@code update} is added to it
     * @param update (rows, D)
     */
    void add(Tensor stream, Tensor update);
}
