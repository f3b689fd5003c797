package dev.flopscope.backend;

import dev.flopscope.config.Activation;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.RoutingConfig;
import java.util.Optional;

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
     * LayerNorm (Ba et al. 2016): y = (x − mean(x)) / √(variance(x) + ε) · g + b, row by row.
     *
     * @param input (rows, D)
     * @param gain (1, D)
     * @param bias (1, D)
     * @param epsilon ε
     * @param output (rows, D); overwritten, may be {@code input}
     */
    void layerNorm(Tensor input, Tensor gain, Tensor bias, double epsilon, Tensor output);

    /**
     * Adds a vector to every row.
     *
     * @param matrix (rows, F); overwritten
     * @param bias (1, F)
     */
    void addBias(Tensor matrix, Tensor bias);

    /** Multiplies every element of {@code matrix} by {@code factor}. */
    void scale(Tensor matrix, float factor);

    /**
     * Caps values softly: every element x of {@code matrix} becomes c·tanh(x/c).
     *
     * @param matrix overwritten
     * @param cap c, over 0
     */
    void softCap(Tensor matrix, double cap);

    /**
     * Turns every head of every row by its position, in as many columns as there are angles, and multiplies all by {@code scale}.
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
     * Limits what a gate and its factor may be, and moves the factor by 1: {@code gate = min(gate, limit)} and
     * {@code up = clamp(up, −limit, limit) + 1}, element by element. NaN stays NaN.
     *
     * @param gate (rows, F); overwritten
     * @param up (rows, F); overwritten
     * @param limit above 0
     */
    void limitGate(Tensor gate, Tensor up, double limit);

    /**
     * Chooses experts for every row.
     *
     * @param logits (rows, E), a router's
     * @param config how
     * @param perToken k
     * @param correction (1, E), what is added to scores for the choice, if anything is
     */
    Routing route(Tensor logits, RoutingConfig config, int perToken, Optional<Tensor> correction);

    /** Overwrites every element of {@code matrix} with 0. */
    void clear(Tensor matrix);

    /**
     * Adds weighted rows to others: row {@code rows[r]} of {@code sums} grows by {@code weights[r]} times row r of
     * {@code terms}.
     *
     * @param terms as many rows as {@code rows}
     * @param rows no row twice
     * @param weights as many
     * @param sums as wide
     */
    void addRows(Tensor terms, int[] rows, double[] weights, Tensor sums);

    /**
     * Copies columns of every row to other places, head by head.
     *
     * @param source as many rows as {@code destination}
     * @param from where they are
     * @param destination those columns are overwritten
     * @param to where they go
     * @param width columns of one head
     * @param heads how many
     */
    void copyColumns(Tensor source, HeadColumns from, Tensor destination, HeadColumns to, int width, int heads);

    /**
     * Where the columns of heads are.
     *
     * @param first the first column of the first head
     * @param step from one head to the next; 0 where all heads have the same
     */
    record HeadColumns(int first, int step) {}

    /**
     * A residual sum.
     *
     * @param stream (rows, D); {@code update} is added to it
     * @param update (rows, D)
     */
    void add(Tensor stream, Tensor update);
}
