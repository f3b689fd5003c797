package dev.flopscope.backend.cpu.kernel;

import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.memory.Matrix;
import java.util.Optional;

/**
 * The attention sinks of one layer (OpenAI 2025, gpt-oss): a learned score of each head that takes part in the softmax of every
 * query, and that no value stands behind, so that the weights of the keys sum to less than 1.
 */
public final class Sinks {
    /** The score of a head that has no sink: its exponential is 0. */
    public static final float NONE = Float.NEGATIVE_INFINITY;

    private final float[] scores;

    private Sinks(float... scores) {
        this.scores = scores;
    }

    /** Those of a vector (1, H), or of heads that have none. */
    public static Sinks of(Optional<Tensor> vector) {
        return vector.map(Matrix::of)
                .map(matrix -> {
                    float[] scores = new float[matrix.width()];
                    matrix.readRow(0, scores, scores.length);
                    return new Sinks(scores);
                })
                .orElseGet(Sinks::new);
    }

    /** The score of a query head's sink; {@link #NONE} where heads have none. */
    public float of(int head) {
        return scores.length == 0 ? NONE : scores[head];
    }
}
