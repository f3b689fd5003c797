package dev.flopscope.forward;

import dev.flopscope.backend.AttentionOperator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.Operators.HeadColumns;
import dev.flopscope.backend.RotaryTable;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.AttentionConfig.HeadNorm;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.LatentConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.forward.Activations.Buffer;
import dev.flopscope.time.Operator;
import dev.flopscope.weights.AttentionWeights;
import dev.flopscope.weights.NormWeights;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The attention of one layer with its parameters: o(softmax(q·kᵀ·scale)·v) for q, k and v of the same tokens. */
final class SelfAttention {
    private final int layer;
    private final AttentionConfig heads;
    private final AttentionWeights weights;
    private final Optional<KeyValues> cache;
    private final Shared shared;
    /** The queries carry it, so that their products with the keys are the scores that softmax takes. */
    private final float scoreScale;

    /**
     * What the layers of a model share.
     *
     * @param backend what computes
     * @param attention computes heads
     * @param rotary the angles of each kind of heads that is turned
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
        this.scoreScale = (float) heads.scale();
    }

    /** The buffers that attention needs, and how wide they are. */
    static Map<Buffer, Integer> buffers(AttentionConfig heads) {
        Map<Buffer, Integer> widths = new EnumMap<>(Map.of(
                Buffer.QUERIES,
                heads.queryWidth(),
                Buffer.KEYS,
                heads.keyWidth(),
                Buffer.VALUES,
                heads.valueWidth(),
                Buffer.ATTENTION,
                heads.outputWidth()));
        heads.latent().ifPresent(latent -> {
            latent.queryRank().ifPresent(rank -> widths.put(Buffer.LATENT_QUERIES, rank));
            widths.put(Buffer.LATENT, latent.downWidth());
            widths.put(Buffer.NARROW, latent.rank());
            widths.put(Buffer.UNFOLDED, heads.numHeads() * latent.unfoldedWidth(heads));
        });
        return widths;
    }

    /** result = attention(x), both (B·queries, D); {@code result} may be {@code x}. */
    void forward(Pass pass, Tensor x, Tensor result) {
        Tensor queries = pass.buffer(Buffer.QUERIES, heads.queryWidth());
        Tensor keys = pass.buffer(Buffer.KEYS, heads.keyWidth());
        Tensor values = pass.buffer(Buffer.VALUES, heads.valueWidth());
        Tensor attended = pass.buffer(Buffer.ATTENTION, heads.outputWidth());
        if (weights instanceof AttentionWeights.Heads own) {
            pass.project(MatmulKind.Q_PROJ, layer, x, own.query(), queries);
            pass.project(MatmulKind.K_PROJ, layer, x, own.key(), keys);
            pass.project(MatmulKind.V_PROJ, layer, x, own.value(), values);
            heads.queryKeyNorm().ifPresent(norm -> {
                normalise(pass, norm, own.queryNorm().orElseThrow(), Buffer.QUERIES, queries);
                normalise(pass, norm, own.keyNorm().orElseThrow(), Buffer.KEYS, keys);
            });
        } else if (weights instanceof AttentionWeights.Latent latent) {
            unfold(pass, heads.latent().orElseThrow(), latent, x);
        }
        turn(pass, queries, scoreScale);
        turn(pass, keys, 1);
        KeyValues keyValues = cache.map(kept -> append(pass, kept, keys, values))
                .orElseGet(() -> uncached(pass.chunk(), keys, values));
        shared.attention()
                .attend(layer, heads, weights.sinks(), pass.chunk(), queries, keyValues, attended, pass.context());
        pass.project(MatmulKind.O_PROJ, layer, attended, weights.output(), result);
    }

    /** Each head is a row of its own, or all heads of a token are one. */
    private void normalise(Pass pass, HeadNorm norm, NormWeights parameters, Buffer buffer, Tensor whole) {
        Tensor rows = norm.perHead()
                ? pass.activations().view(buffer, whole.size() / heads.headDim(), heads.headDim())
                : whole;
        new Norm(layer, norm.norm(), parameters).forward(pass, rows, rows);
    }

    /**
     * Multi-head latent attention in its plain form: the narrow vectors are unfolded to queries, keys and values of all heads.
     * In each head the turned columns come first; those of keys are the same in all heads.
     */
    private void unfold(Pass pass, LatentConfig config, AttentionWeights.Latent latent, Tensor x) {
        Tensor narrowQueries = latent.queryDown()
                .map(down -> {
                    Tensor narrow = pass.buffer(
                            Buffer.LATENT_QUERIES, config.queryRank().orElseThrow());
                    pass.project(MatmulKind.Q_DOWN_PROJ, layer, x, down, narrow);
                    new Norm(layer, config.norm(), latent.queryNorm().orElseThrow()).forward(pass, narrow, narrow);
                    return narrow;
                })
                .orElse(x);
        pass.project(
                latent.queryDown().isPresent() ? MatmulKind.Q_UP_PROJ : MatmulKind.Q_PROJ,
                layer,
                narrowQueries,
                latent.query(),
                pass.buffer(Buffer.QUERIES, heads.queryWidth()));
        Tensor down = pass.buffer(Buffer.LATENT, config.downWidth());
        Tensor narrow = pass.buffer(Buffer.NARROW, config.rank());
        Tensor unfolded = pass.buffer(Buffer.UNFOLDED, heads.numHeads() * config.unfoldedWidth(heads));
        pass.project(MatmulKind.KV_DOWN_PROJ, layer, x, latent.down(), down);
        HeadColumns first = new HeadColumns(0, 0);
        copy(pass, down, first, narrow, first, config.rank(), 1);
        new Norm(layer, config.norm(), latent.norm()).forward(pass, narrow, narrow);
        pass.project(MatmulKind.KV_UP_PROJ, layer, narrow, latent.up(), unfolded);
        intoHeads(pass, config, down, unfolded);
    }

    private void intoHeads(Pass pass, LatentConfig config, Tensor down, Tensor unfolded) {
        int turned = config.rotaryWidth();
        int plain = heads.headDim() - turned;
        int step = config.unfoldedWidth(heads);
        Tensor keys = pass.buffer(Buffer.KEYS, heads.keyWidth());
        Tensor values = pass.buffer(Buffer.VALUES, heads.valueWidth());
        HeadColumns turnedKeys = new HeadColumns(0, heads.headDim());
        HeadColumns plainKeys = new HeadColumns(turned, heads.headDim());
        copy(pass, down, new HeadColumns(config.rank(), 0), keys, turnedKeys, turned, heads.numHeads());
        copy(pass, unfolded, new HeadColumns(0, step), keys, plainKeys, plain, heads.numHeads());
        copy(
                pass,
                unfolded,
                new HeadColumns(plain, step),
                values,
                new HeadColumns(0, heads.valueDim()),
                heads.valueDim(),
                heads.numHeads());
    }

    private void copy(
            Pass pass, Tensor source, HeadColumns from, Tensor destination, HeadColumns to, int width, int count) {
        pass.operator(
                Operator.HEADS, layer, () -> pass.operators().copyColumns(source, from, destination, to, width, count));
    }

    /** Turns queries or keys by their positions, where that is what positions do, and scales them. */
    private void turn(Pass pass, Tensor matrix, float scale) {
        RotaryTable angles = shared.rotary().get(heads);
        if (angles != null) {
            pass.operator(Operator.ROTARY, layer, () -> pass.operators().rotate(matrix, angles, pass.chunk(), scale));
        } else if (heads.rotary().isPresent()) {
            throw new IllegalStateException("no angles were made for " + heads);
        } else if (scale != 1) {
            pass.operator(Operator.ROTARY, layer, () -> pass.operators().scale(matrix, scale));
        }
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
