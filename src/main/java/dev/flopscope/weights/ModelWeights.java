package dev.flopscope.weights;

import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.Weight;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A model's parameters.
 *
 * @param embedding (V, D), one row a token
 * @param blocks one entry a layer; the same object several times if layers share memory
 * @param finalNorm (1, D), the gain of the last norm
 * @param lmHead (V, D); the same object as {@code embedding} if tied
 */
public record ModelWeights(Matrix embedding, List<BlockWeights> blocks, Matrix finalNorm, Weight lmHead) {
    /** Keeps a copy of the list. */
    public ModelWeights {
        blocks = List.copyOf(blocks);
    }

    /**
     * Parameters really in memory, by part.
     *
     * @param embedding of the embedding
     * @param blocks of all distinct blocks
     * @param finalNorm of the final norm
     * @param lmHead of the LM head, 0 if it is the embedding
     */
    public record Allocated(long embedding, long blocks, long finalNorm, long lmHead) {
        /** All of them. */
        public long total() {
            return embedding + blocks + finalNorm + lmHead;
        }
    }

    /** Counts the elements of the matrices themselves, each matrix once, however often it is used. */
    public Allocated allocated() {
        Set<BlockWeights> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        distinct.addAll(blocks);
        boolean tied = lmHead == embedding;
        return new Allocated(
                embedding.size(),
                distinct.stream().mapToLong(BlockWeights::parameters).sum(),
                finalNorm.size(),
                tied ? 0 : lmHead.size());
    }
}
