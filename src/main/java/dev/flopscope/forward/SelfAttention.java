package dev.flopscope.forward;

import dev.flopscope.backend.AttentionOperator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.RotaryTable;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.forward.Activations.Buffer;
import dev.flopscope.time.Operator;
import dev.flopscope.weights.AttentionWeights;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The attention of one layer with its parameters: o(softmax(q·kᵀ/√d)·v) for q, k and v of the same tokens. */
final class SelfAttention {
    private final int layer;
    private final AttentionConfig heads;
    private final AttentionWeights weights;
    private final Optional<KeyValues> cache;
    private final Shared shared;
    /** 1/√d. The queries carry it, so that their products with the keys are the scores that softmax takes. */
    private final float scoreScale;

    /**
     * What the layers of a model share.
     *
     * @param backend what computes
     * @param attention computes heads
     * @param rotary the angles of each kind of heads
     * @param uncached keys and values of a chunk with nothing before it, in the buffers of all layers
     */
    record Shared(
            Backend backend,
            AttentionOperator attention,
            Map<AttentionConfig, RotaryTable> rotary,
            Map<Uncached, KeyValues> uncached) {
        Shared(Backend backend, AttentionOperator attention, Map<AttentionConfig, RotaryTable> rotary) {
            this(backend, attention, rotary, new HashMap<>());
        }
    }

    /** The keys and values in the buffers for one kind of heads and one chunk. */
    record Uncached(AttentionConfig heads, Chunk chunk) {}

    /**
     * Makes no buffers.
     *
     * @param cache of this layer; if there is none, every chunk must have nothing before it
     */
    SelfAttention(
            int layer, AttentionConfig heads, AttentionWeights weights, Optional<KeyValues> cache, Shared shared) {
        this.layer = layer;
        this.heads = heads;
        this.weights = weights;
        this.cache = cache;
        this.shared = shared;
        this.scoreScale = (float) (1 / Math.sqrt(heads.headDim()));
    }

    /** result = attention(x), both (B·queries, D); {@code result} may be {@code x}. */
    void forward(Pass pass, Tensor x, Tensor result) {
        Tensor queries = pass.buffer(Buffer.QUERIES, heads.queryWidth());
        Tensor keys = pass.buffer(Buffer.KEYS, heads.keyValueWidth());
        Tensor values = pass.buffer(Buffer.VALUES, heads.keyValueWidth());
        Tensor attended = pass.buffer(Buffer.ATTENTION, heads.queryWidth());
        pass.project(MatmulKind.Q_PROJ, layer, x, weights.query(), queries);
        pass.project(MatmulKind.K_PROJ, layer, x, weights.key(), keys);
        pass.project(MatmulKind.V_PROJ, layer, x, weights.value(), values);
        rotate(pass, queries, scoreScale);
        rotate(pass, keys, 1);
        KeyValues keyValues = cache.map(kept -> append(pass, kept, keys, values))
                .orElseGet(() -> uncached(pass.chunk(), keys, values));
        shared.attention().attend(layer, heads, pass.chunk(), queries, keyValues, attended, pass.context());
        pass.project(MatmulKind.O_PROJ, layer, attended, weights.output(), result);
    }

    private void rotate(Pass pass, Tensor matrix, float scale) {
        RotaryTable angles = shared.rotary().get(heads);
        if (angles == null) {
            throw new IllegalStateException("no angles were made for " + heads);
        }
        pass.operator(Operator.ROTARY, layer, () -> pass.operators().rotate(matrix, angles, pass.chunk(), scale));
    }

    private KeyValues append(Pass pass, KeyValues kept, Tensor keys, Tensor values) {
        pass.operator(Operator.CACHE, layer, () -> pass.operators().append(kept, keys, values, pass.chunk()));
        return kept;
    }

    private KeyValues uncached(Chunk chunk, Tensor keys, Tensor values) {
        if (chunk.past() > 0) {
            throw new IllegalStateException("a chunk after " + chunk.past() + " tokens needs a cache");
        }
        return shared.uncached()
                .computeIfAbsent(
                        new Uncached(heads, chunk), key -> shared.backend().uncached(keys, values, chunk, heads));
    }
}
