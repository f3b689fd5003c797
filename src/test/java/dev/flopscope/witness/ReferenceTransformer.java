package dev.flopscope.witness;

import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.NormConfig;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.FeedForwardWeights;
import dev.flopscope.weights.ModelWeights;
import dev.flopscope.weights.NormWeights;
import java.util.Map;
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
        for (int layer = 0; layer < model.numLayers(); layer++) {
            BlockConfig config = model.blocks().get(layer);
            BlockWeights block = weights.blocks().get(layer);
            String prefix = "layers." + layer + ".";
            x = x.plus(attention(
                    prefix, config.attention(), block, norm(x, config.attentionNorm(), block.attentionNorm())));
            x = x.plus(feedForward(
                    prefix, block.feedForward(), norm(x, config.feedForwardNorm(), block.feedForwardNorm())));
        }
        return project("lm_head", norm(x, model.head().norm(), weights.finalNorm()), weights.lmHead());
    }

    private BoundedMatrix norm(BoundedMatrix x, NormConfig norm, NormWeights parameters) {
        double epsilon = ((NormConfig.Rms) norm).epsilon();
        return ReferenceOperators.rmsNorm(x, read(parameters.gain()).values[0], epsilon);
    }

    private BoundedMatrix attention(String prefix, AttentionConfig config, BlockWeights block, BoundedMatrix x) {
        int d = config.headDim();
        // 1/√d reaches the rotation as a float32, so rounding it is no error of what rotates.
        BoundedMatrix queries =
                rotated(config, project(prefix + "q_proj", x, block.attention().query()), (float) (1 / Math.sqrt(d)));
        BoundedMatrix keys =
                rotated(config, project(prefix + "k_proj", x, block.attention().key()), 1);
        BoundedMatrix values = project(prefix + "v_proj", x, block.attention().value());
        BoundedMatrix heads = new BoundedMatrix(batch * tokens, config.numHeads() * d);
        for (int sequence = 0; sequence < batch; sequence++) {
            int first = sequence * tokens;
            for (int head = 0; head < config.numHeads(); head++) {
                int shared = head * config.numKvHeads() / config.numHeads();
                BoundedMatrix q = queries.block(first, tokens, head * d, d);
                BoundedMatrix k = keys.block(first, tokens, shared * d, d);
                BoundedMatrix v = values.block(first, tokens, shared * d, d);
                BoundedMatrix scores = multiply(prefix + "attn_scores", q, k.transposed());
                BoundedMatrix shares = ReferenceOperators.maskedSoftmax(
                        scores, 0, config.window().orElse(tokens));
                heads.paste(first, head * d, multiply(prefix + "attn_values", shares, v));
            }
        }
        return project(prefix + "o_proj", heads, block.attention().output());
    }

    private BoundedMatrix rotated(AttentionConfig config, BoundedMatrix x, float scale) {
        return ReferenceOperators.rotated(
                x, tokens, 0, config.headDim(), config.rotary().theta(), scale);
    }

    private BoundedMatrix feedForward(String prefix, FeedForwardWeights network, BoundedMatrix x) {
        if (network instanceof FeedForwardWeights.Gated gated) {
            BoundedMatrix gate = ReferenceOperators.silu(project(prefix + "ffn_gate", x, gated.gate()));
            BoundedMatrix inner = ReferenceOperators.times(gate, project(prefix + "ffn_up", x, gated.up()));
            return project(prefix + "ffn_down", inner, gated.down());
        }
        FeedForwardWeights.Plain plain = (FeedForwardWeights.Plain) network;
        BoundedMatrix inner = ReferenceOperators.gelu(project(prefix + "ffn_up", x, plain.up()));
        return project(prefix + "ffn_down", inner, plain.down());
    }

    /** x·Wᵀ. */
    private BoundedMatrix project(String site, BoundedMatrix x, Tensor weight) {
        return multiply(site, x, read(weight).transposed());
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
