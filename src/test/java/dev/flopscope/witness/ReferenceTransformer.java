package dev.flopscope.witness;

import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Activation;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.LatentConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.NormConfig;
import dev.flopscope.weights.AttentionWeights;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.FeedForwardWeights;
import dev.flopscope.weights.Linear;
import dev.flopscope.weights.ModelWeights;
import dev.flopscope.weights.NormWeights;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The decoder once more, in float64 and triple loops, over whole sequences at once, as a witness for passes of every backend
 * and every kind of chunk. It shares no arithmetic with them, bounds how far float32 may be off, and counts a multiply-add
 * where it does one. Of a backend it uses nothing but {@link Backend#readRow}.
 */
public final class ReferenceTransformer {
    private final ModelConfig model;
    private final Backend backend;
    private final ModelWeights weights;
    private final int batch;
    private final int tokens;
    private final Map<String, Long> multiplyAdds = new TreeMap<>();

    /** Reads weights of {@code backend}, all of which must be readable row by row. */
    public ReferenceTransformer(ModelConfig model, Backend backend, ModelWeights weights, int batch, int tokens) {
        this.model = model;
        this.backend = backend;
        this.weights = weights;
        this.batch = batch;
        this.tokens = tokens;
    }

    /** Multiply-adds done so far inside products, by {@code layers.0.q_proj} and so on. */
    public Map<String, Long> multiplyAdds() {
        return multiplyAdds;
    }

    /** The logits of every token, (B·T, V), sequence by sequence. */
    public BoundedMatrix forward(int[] ids) {
        BoundedMatrix embedding = read(weights.embedding());
        BoundedMatrix x = new BoundedMatrix(batch * tokens, model.dModel());
        for (int row = 0; row < ids.length; row++) {
            x.paste(row, 0, embedding.block(ids[row], 1, 0, model.dModel()));
        }
        if (model.embedding().scale() != 1) {
            x = ReferenceOperators.scaled(x, (float) model.embedding().scale());
        }
        if (weights.positions().isPresent()) {
            BoundedMatrix positions = read(weights.positions().get());
            BoundedMatrix all = new BoundedMatrix(batch * tokens, model.dModel());
            for (int row = 0; row < ids.length; row++) {
                all.paste(row, 0, positions.block(row % tokens, 1, 0, model.dModel()));
            }
            x = x.plus(all);
        }
        for (int layer = 0; layer < model.numLayers(); layer++) {
            x = block(
                    "layers." + layer + ".",
                    model.blocks().get(layer),
                    weights.blocks().get(layer),
                    x);
        }
        return multiply(
                "lm_head",
                norm(x, model.head().norm(), weights.finalNorm()),
                read(weights.lmHead()).transposed());
    }

    private BoundedMatrix block(String prefix, BlockConfig config, BlockWeights block, BoundedMatrix x) {
        NormConfig first = config.attentionNorm();
        NormConfig second = config.feedForwardNorm();
        return switch (config.arrangement()) {
            case PRE_NORM -> {
                BoundedMatrix half =
                        x.plus(attention(prefix, config.attention(), block, norm(x, first, block.attentionNorm())));
                yield half.plus(network(prefix, config, block, norm(half, second, block.feedForwardNorm())));
            }
            case POST_NORM -> {
                BoundedMatrix half =
                        x.plus(norm(attention(prefix, config.attention(), block, x), first, block.attentionNorm()));
                yield half.plus(norm(network(prefix, config, block, half), second, block.feedForwardNorm()));
            }
            case SANDWICH -> {
                BoundedMatrix attended =
                        attention(prefix, config.attention(), block, norm(x, first, block.attentionNorm()));
                BoundedMatrix half =
                        x.plus(norm(attended, first, block.after().orElseThrow().attention()));
                BoundedMatrix fed = network(prefix, config, block, norm(half, second, block.feedForwardNorm()));
                yield half.plus(norm(fed, second, block.after().orElseThrow().feedForward()));
            }
            case PARALLEL -> {
                BoundedMatrix attended =
                        attention(prefix, config.attention(), block, norm(x, first, block.attentionNorm()));
                BoundedMatrix fed = network(prefix, config, block, norm(x, second, block.feedForwardNorm()));
                yield x.plus(attended).plus(fed);
            }
        };
    }

    private BoundedMatrix norm(BoundedMatrix x, NormConfig norm, NormWeights parameters) {
        double[] gain = read(parameters.gain()).values[0];
        return norm instanceof NormConfig.Layer
                ? ReferenceOperators.layerNorm(x, gain, read(parameters.bias().orElseThrow()).values[0], norm.epsilon())
                : ReferenceOperators.rmsNorm(x, gain, norm.epsilon());
    }

    private BoundedMatrix attention(String prefix, AttentionConfig config, BlockWeights block, BoundedMatrix x) {
        // The scale reaches the rotation as a float32, so rounding it is no error of what rotates.
        float scale = (float) config.scale();
        BoundedMatrix queries;
        BoundedMatrix keys;
        BoundedMatrix values;
        if (block.attention() instanceof AttentionWeights.Latent latent) {
            Latent unfolded = unfold(prefix, config, latent, x);
            queries = turned(config, unfolded.queries(), scale);
            keys = turned(config, unfolded.keys(), 1);
            values = unfolded.values();
        } else {
            AttentionWeights.Heads heads = (AttentionWeights.Heads) block.attention();
            queries = turned(
                    config, headNorm(config, project(prefix + "q_proj", x, heads.query()), heads.queryNorm()), scale);
            keys = turned(config, headNorm(config, project(prefix + "k_proj", x, heads.key()), heads.keyNorm()), 1);
            values = project(prefix + "v_proj", x, heads.value());
        }
        BoundedMatrix all = new BoundedMatrix(batch * tokens, config.numHeads() * config.valueDim());
        for (int sequence = 0; sequence < batch; sequence++) {
            int first = sequence * tokens;
            for (int head = 0; head < config.numHeads(); head++) {
                int shared = head * config.numKvHeads() / config.numHeads();
                BoundedMatrix q = queries.block(first, tokens, head * config.headDim(), config.headDim());
                BoundedMatrix k = keys.block(first, tokens, shared * config.headDim(), config.headDim());
                BoundedMatrix v = values.block(first, tokens, shared * config.valueDim(), config.valueDim());
                BoundedMatrix scores = multiply(prefix + "attn_scores", q, k.transposed());
                BoundedMatrix shares = ReferenceOperators.maskedSoftmax(
                        scores,
                        0,
                        config.window().orElse(tokens),
                        config.sinks()
                                ? read(block.attention().sinks().orElseThrow()).values[0][head]
                                : Double.NEGATIVE_INFINITY);
                all.paste(first, head * config.valueDim(), multiply(prefix + "attn_values", shares, v));
            }
        }
        return project(prefix + "o_proj", all, block.attention().output());
    }

    private record Latent(BoundedMatrix queries, BoundedMatrix keys, BoundedMatrix values) {}

    /** Multi-head latent attention up to its queries, keys and values; of a head's columns, the turned ones come first. */
    private Latent unfold(String prefix, AttentionConfig config, AttentionWeights.Latent latent, BoundedMatrix x) {
        LatentConfig narrow = config.latent().orElseThrow();
        BoundedMatrix queries = latent.queryDown().isEmpty()
                ? project(prefix + "q_proj", x, latent.query())
                : project(
                        prefix + "q_up_proj",
                        norm(
                                project(
                                        prefix + "q_down_proj",
                                        x,
                                        latent.queryDown().get()),
                                narrow.norm(),
                                latent.queryNorm().orElseThrow()),
                        latent.query());
        BoundedMatrix down = project(prefix + "kv_down_proj", x, latent.down());
        BoundedMatrix up = project(
                prefix + "kv_up_proj",
                norm(down.block(0, x.rows(), 0, narrow.rank()), narrow.norm(), latent.norm()),
                latent.up());
        int turned = narrow.rotaryWidth();
        int plain = config.headDim() - turned;
        BoundedMatrix keys = new BoundedMatrix(x.rows(), config.numHeads() * config.headDim());
        BoundedMatrix values = new BoundedMatrix(x.rows(), config.numHeads() * config.valueDim());
        for (int head = 0; head < config.numHeads(); head++) {
            int of = head * (plain + config.valueDim());
            keys.paste(0, head * config.headDim(), down.block(0, x.rows(), narrow.rank(), turned));
            keys.paste(0, head * config.headDim() + turned, up.block(0, x.rows(), of, plain));
            values.paste(0, head * config.valueDim(), up.block(0, x.rows(), of + plain, config.valueDim()));
        }
        return new Latent(queries, keys, values);
    }

    private BoundedMatrix headNorm(AttentionConfig config, BoundedMatrix x, Optional<NormWeights> weightsOfNorm) {
        if (weightsOfNorm.isEmpty()) {
            return x;
        }
        AttentionConfig.HeadNorm norm = config.queryKeyNorm().orElseThrow();
        int width = norm.perHead() ? config.headDim() : x.columns();
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int first = 0; first < x.columns(); first += width) {
            result.paste(0, first, norm(x.block(0, x.rows(), first, width), norm.norm(), weightsOfNorm.get()));
        }
        return result;
    }

    private BoundedMatrix turned(AttentionConfig config, BoundedMatrix x, float scale) {
        if (config.rotary().isEmpty()) {
            return scale == 1 ? x : ReferenceOperators.scaled(x, scale);
        }
        double theta = config.rotary().get().theta();
        int width = config.rotary().get().width().orElse(config.headDim());
        return ReferenceOperators.rotated(
                x, tokens, 0, config.headDim(), ReferenceOperators.frequencies(width, theta), scale);
    }

    private BoundedMatrix network(String prefix, BlockConfig config, BlockWeights block, BoundedMatrix x) {
        Activation activation = config.feedForward().activation();
        if (block.feedForward() instanceof FeedForwardWeights.Experts experts) {
            return mixture(prefix, (FeedForwardConfig.Experts) config.feedForward(), experts, x);
        }
        if (block.feedForward() instanceof FeedForwardWeights.Gated gated) {
            return gated(prefix + "ffn_", config.feedForward(), gated, x);
        }
        FeedForwardWeights.Plain plain = (FeedForwardWeights.Plain) block.feedForward();
        BoundedMatrix inner = activated(activation, project(prefix + "ffn_up", x, plain.up()));
        return project(prefix + "ffn_down", inner, plain.down());
    }

    private BoundedMatrix gated(
            String prefix, FeedForwardConfig config, FeedForwardWeights.Gated network, BoundedMatrix x) {
        BoundedMatrix gate = project(prefix + "gate", x, network.gate());
        BoundedMatrix up = project(prefix + "up", x, network.up());
        if (config.limit().isPresent()) {
            double limit = config.limit().getAsDouble();
            gate = ReferenceOperators.limited(gate, Double.NEGATIVE_INFINITY, limit, 0);
            up = ReferenceOperators.limited(up, -limit, limit, 1);
        }
        BoundedMatrix inner = ReferenceOperators.times(activated(config.activation(), gate), up);
        return project(prefix + "down", inner, network.down());
    }

    private static BoundedMatrix activated(Activation activation, BoundedMatrix x) {
        return switch (activation) {
            case SILU -> ReferenceOperators.silu(x);
            case QUICK_GELU -> ReferenceOperators.quickGelu(x);
            case GELU_TANH -> ReferenceOperators.gelu(x);
            case GELU -> ReferenceOperators.exactGelu(x);
        };
    }

    /** Token by token: its experts one after the other, and the shared one. */
    private BoundedMatrix mixture(
            String prefix, FeedForwardConfig.Experts config, FeedForwardWeights.Experts experts, BoundedMatrix x) {
        BoundedMatrix logits = project(prefix + "router", x, experts.router());
        BoundedMatrix result = new BoundedMatrix(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            BoundedMatrix token = x.block(row, 1, 0, x.columns());
            BoundedMatrix sum = new BoundedMatrix(1, x.columns());
            BoundedMatrix shares = ReferenceRouter.shares(
                    config.routing(),
                    config.perToken(),
                    experts.correction().map(vector -> read(vector).values[0]).orElse(new double[config.count()]),
                    logits.block(row, 1, 0, config.count()));
            for (int expert = 0; expert < config.count(); expert++) {
                if (shares.values[0][expert] > 0) {
                    String site = prefix + "experts." + expert + ".ffn_";
                    BoundedMatrix out = gated(site, config, experts.experts().get(expert), token);
                    sum = sum.plus(ReferenceOperators.times(out, shares.repeated(0, expert, x.columns())));
                }
            }
            result.paste(row, 0, sum);
        }
        if (experts.shared().isEmpty()) {
            return result;
        }
        BoundedMatrix shared =
                gated(prefix + "shared_", config, experts.shared().get(), x);
        if (experts.sharedRouter().isPresent()) {
            BoundedMatrix open = ReferenceRouter.logistic(
                    project(prefix + "shared_router", x, experts.sharedRouter().get()));
            for (int row = 0; row < x.rows(); row++) {
                BoundedMatrix weighted = ReferenceOperators.times(
                        shared.block(row, 1, 0, x.columns()), open.repeated(row, 0, x.columns()));
                shared.paste(row, 0, weighted);
            }
        }
        return result.plus(shared);
    }

    /** x·Wᵀ, and a bias if there is one. */
    private BoundedMatrix project(String site, BoundedMatrix x, Linear linear) {
        BoundedMatrix product = multiply(site, x, read(linear.weight()).transposed());
        return linear.bias()
                .map(bias -> ReferenceOperators.plusRow(product, read(bias).values[0]))
                .orElse(product);
    }

    private BoundedMatrix multiply(String site, BoundedMatrix a, BoundedMatrix b) {
        BoundedMatrix product = new BoundedMatrix(a.rows(), b.columns());
        long done = 0;
        for (int row = 0; row < a.rows(); row++) {
            for (int column = 0; column < b.columns(); column++) {
                double sum = 0;
                for (int inner = 0; inner < a.columns(); inner++) {
                    sum += a.values[row][inner] * b.values[inner][column];
                    done++;
                }
                product.set(row, column, sum, ReferenceOperators.errorOfSum(a, row, b, column));
            }
        }
        multiplyAdds.merge(site, done, Long::sum);
        return product;
    }

    private BoundedMatrix read(Tensor tensor) {
        BoundedMatrix copy = new BoundedMatrix((int) tensor.rows(), (int) tensor.columns());
        float[] row = new float[copy.columns()];
        for (int r = 0; r < copy.rows(); r++) {
            backend.readRow(tensor, r, row);
            for (int c = 0; c < row.length; c++) {
                copy.values[r][c] = row[c];
            }
        }
        return copy;
    }
}
