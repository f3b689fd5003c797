package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model's parameters.
 *
 * @param embedding (V, D), a row a token
 * @param positions (T, D), a row a position, where positions are learned
 * @param blocks one entry a layer; the same object several times if layers share memory
 * @param finalNorm of the norm before the LM head
 * @param lmHead (V, D); the same object as {@code embedding} if tied
 */
public record ModelWeights(
        Tensor embedding, Optional<Tensor> positions, List<BlockWeights> blocks, NormWeights finalNorm, Tensor lmHead) {
    /** Keeps a copy of the list. */
    public ModelWeights {
        blocks = List.copyOf(blocks);
    }

    /**
     * Parameters really in memory, by part.
     *
     * @param embedding of the embedding
     * @param positions of learned positions, 0 if there are none
     * @param blocks of all distinct blocks
     * @param finalNorm of the final norm
     * @param lmHead of the LM head, 0 if it is the embedding
     */
    public record Allocated(long embedding, long positions, long blocks, long finalNorm, long lmHead) {
        /** All of them. */
        public long total() {
            return embedding + positions + blocks + finalNorm + lmHead;
        }
    }

    /** Counts the elements of the tensors themselves, each tensor once, however often it is used. */
    public Allocated allocated() {
        Set<BlockWeights> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        distinct.addAll(blocks);
        boolean tied = lmHead == embedding;
        return new Allocated(
                embedding.size(),
                positions.map(Tensor::size).orElse(0L),
                distinct.stream().mapToLong(BlockWeights::parameters).sum(),
                finalNorm.parameters(),
                tied ? 0 : lmHead.size());
    }
}
