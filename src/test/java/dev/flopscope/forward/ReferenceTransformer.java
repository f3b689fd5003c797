package dev.flopscope.forward;

import dev.flopscope.Matrices;
import dev.flopscope.config.FeedForward;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.Weight;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.ModelWeights;
import java.util.Map;
import java.util.TreeMap;

/**
 * The decoder once more, in float64 and triple loops, as a witness for {@link Transformer}: it shares no arithmetic with
 * it, bounds how far float32 may be off, and counts a multiply-add where it does one.
 */
final class ReferenceTransformer {
    private final ModelConfig model;
    private final ModelWeights weights;
    private final int batch;
    private final int tokens;
    private final Map<String, Long> multiplyAdds = new TreeMap<>();

    ReferenceTransformer(ModelConfig model, ModelWeights weights, int batch, int tokens) {
        this.model = model;
        this.weights = weights;
        this.batch = batch;
        this.tokens = tokens;
    }

    /** Multiply-adds done so far inside products, by {@code layers.0.q_proj} and so on. */
    Map<String, Long> multiplyAdds() {
        return multiplyAdds;
    }

    /** The logits, (B·T, V). */
    BoundedMatrix forward(int[] ids) {
        BoundedMatrix embedding = read(weights.embedding());
        BoundedMatrix x = new BoundedMatrix(batch * tokens, model.dModel());
        for (int row = 0; row < ids.length; row++) {
            x.paste(row, 0, embedding.block(ids[row], 1, 0, model.dModel()));
        }
        for (int layer = 0; layer < model.numLayers(); layer++) {
            BlockWeights block = weights.blocks().get(layer);
            String prefix = "layers." + layer + ".";
            x = x.plus(attention(prefix, block, norm(x, block.attentionNorm())));
            x = x.plus(feedForward(prefix, block, norm(x, block.feedForwardNorm())));
        }
        return project("lm_head", norm(x, weights.finalNorm()), weights.lmHead());
    }

    private BoundedMatrix norm(BoundedMatrix x, Matrix gain) {
        return ReferenceKernels.rmsNorm(x, read(gain).values[0], model.normEps());
    }

    private BoundedMatrix attention(String prefix, BlockWeights block, BoundedMatrix x) {
        int d = model.headDim();
        BoundedMatrix queries = rotated(project(prefix + "q_proj", x, block.query()));
        BoundedMatrix keys = rotated(project(prefix + "k_proj", x, block.key()));
        BoundedMatrix values = project(prefix + "v_proj", x, block.value());
        BoundedMatrix heads = new BoundedMatrix(batch * tokens, model.numHeads() * d);
        for (int sequence = 0; sequence < batch; sequence++) {
            int first = sequence * tokens;
            for (int head = 0; head < model.numHeads(); head++) {
                int shared = head * model.numKvHeads() / model.numHeads();
                BoundedMatrix q = queries.block(first, tokens, head * d, d);
                BoundedMatrix k = keys.block(first, tokens, shared * d, d);
                BoundedMatrix v = values.block(first, tokens, shared * d, d);
                BoundedMatrix scores = multiply(prefix + "attn_scores", q, k.transposed());
                BoundedMatrix shares = ReferenceKernels.causalSoftmax(scores, 1 / Math.sqrt(d));
                heads.paste(first, head * d, multiply(prefix + "attn_values", shares, v));
            }
        }
        return project(prefix + "o_proj", heads, block.output());
    }

    private BoundedMatrix rotated(BoundedMatrix x) {
        return ReferenceKernels.rotated(x, tokens, model.headDim(), model.ropeTheta());
    }

    private BoundedMatrix feedForward(String prefix, BlockWeights block, BoundedMatrix x) {
        BoundedMatrix inner;
        if (model.feedForward() == FeedForward.SWIGLU) {
            BoundedMatrix gate = project(prefix + "ffn_gate", x, block.gate().orElseThrow());
            inner = ReferenceKernels.gated(gate, project(prefix + "ffn_up", x, block.up()));
        } else {
            inner = ReferenceKernels.gelu(project(prefix + "ffn_up", x, block.up()));
        }
        return project(prefix + "ffn_down", inner, block.down());
    }

    /** x·Wᵀ. */
    private BoundedMatrix project(String site, BoundedMatrix x, Weight weight) {
        return multiply(site, x, read(Matrices.rowByRow(weight)).transposed());
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
                product.set(row, column, sum, ReferenceKernels.errorOfSum(a, row, b, column));
            }
        }
        multiplyAdds.merge(site, done, Long::sum);
        return product;
    }

    private static BoundedMatrix read(Matrix matrix) {
        BoundedMatrix copy = new BoundedMatrix((int) matrix.rows(), matrix.columns());
        float[] row = new float[matrix.columns()];
        for (int r = 0; r < copy.rows(); r++) {
            matrix.readRow(r, row, row.length);
            for (int c = 0; c < row.length; c++) {
                copy.values[r][c] = row[c];
            }
        }
        return copy;
    }
}
