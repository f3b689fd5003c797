package dev.flopscope.peers;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.weights.AttentionWeights;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.FeedForwardWeights;
import dev.flopscope.weights.ModelWeights;
import dev.flopscope.weights.NormWeights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/** ONNX Runtime on its CPU kernels, with all optimisations. */
final class OnnxPeer implements Peer {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final Map<String, OnnxTensorLike> weights = new HashMap<>();
    private final OrtSession session;
    private final FloatBuffer logits;
    private final OnnxTensor logitsTensor;
    private final int vocabSize;

    /**
     * Builds the graph and starts a session on memory of {@code shared}, which must outlive this.
     *
     * @throws OrtException if ONNX Runtime refuses the graph
     */
    OnnxPeer(ModelConfig model, ModelWeights shared, int tokens, int threads) throws OrtException {
        vocabSize = model.vocabSize();
        share(model, shared, tokens);
        try (OrtSession.SessionOptions options = options(threads)) {
            options.addExternalInitializers(weights);
            session = environment.createSession(OnnxGraph.build(model, tokens), options);
        }
        // Logits are written to the same memory in every pass, as Flopscope's are.
        ByteBuffer memory = ByteBuffer.allocateDirect(Math.multiplyExact(Math.multiplyExact(tokens, vocabSize), 4))
                .order(ByteOrder.nativeOrder());
        logits = memory.asFloatBuffer();
        logitsTensor =
                OnnxTensor.createTensor(environment, memory, new long[] {1, tokens, vocabSize}, OnnxJavaType.FLOAT);
    }

    private static OrtSession.SessionOptions options(int threads) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        // Spinning makes a pass faster; spinning on after it would take the cores from whoever runs next.
        options.addConfigEntry("session.intra_op.allow_spinning", "1");
        options.addConfigEntry("session.force_spinning_stop", "1");
        return options;
    }

    private void share(ModelConfig model, ModelWeights shared, int tokens) throws OrtException {
        share(OnnxGraph.EMBEDDING, shared.embedding());
        share(OnnxGraph.LM_HEAD, shared.lmHead());
        shareGain(OnnxGraph.FINAL_NORM, shared.finalNorm());
        for (int layer = 0; layer < model.numLayers(); layer++) {
            share(layer, shared.blocks().get(layer));
        }
        long[] angles = {tokens, model.firstBlock().attention().headDim() / 2};
        share(OnnxGraph.COSINES, RotaryTables.cosines(model, tokens), angles);
        share(OnnxGraph.SINES, RotaryTables.sines(model, tokens), angles);
    }

    private void share(int layer, BlockWeights block) throws OrtException {
        shareGain(OnnxGraph.weight(layer, "attention_norm"), block.attentionNorm());
        shareGain(OnnxGraph.weight(layer, "feed_forward_norm"), block.feedForwardNorm());
        AttentionWeights.Heads attention = (AttentionWeights.Heads) block.attention();
        share(OnnxGraph.weight(layer, "query"), attention.query().weight());
        share(OnnxGraph.weight(layer, "key"), attention.key().weight());
        share(OnnxGraph.weight(layer, "value"), attention.value().weight());
        share(OnnxGraph.weight(layer, "output"), attention.output().weight());
        if (block.feedForward() instanceof FeedForwardWeights.Gated gated) {
            share(OnnxGraph.weight(layer, "gate"), gated.gate().weight());
            share(OnnxGraph.weight(layer, "up"), gated.up().weight());
            share(OnnxGraph.weight(layer, "down"), gated.down().weight());
        } else if (block.feedForward() instanceof FeedForwardWeights.Plain plain) {
            share(OnnxGraph.weight(layer, "up"), plain.up().weight());
            share(OnnxGraph.weight(layer, "down"), plain.down().weight());
        }
    }

    private void shareGain(String name, NormWeights norm) throws OrtException {
        share(name, SharedMemory.of(norm.gain()), norm.gain().columns());
    }

    private void share(String name, Tensor matrix) throws OrtException {
        share(name, SharedMemory.of(matrix), SharedMemory.shape(matrix));
    }

    private void share(String name, ByteBuffer memory, long... shape) throws OrtException {
        weights.put(name, OnnxTensor.createTensor(environment, memory, shape, OnnxJavaType.FLOAT));
    }

    @Override
    public String name() {
        return "ONNX Runtime " + environment.getVersion();
    }

    @Override
    public void run(int[] ids) {
        LongBuffer input = ByteBuffer.allocateDirect(ids.length * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
        for (int id : ids) {
            input.put(id);
        }
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, input.flip(), new long[] {1, ids.length});
                OrtSession.Result result =
                        session.run(Map.of(OnnxGraph.IDS, tensor), Map.of(OnnxGraph.LOGITS, logitsTensor))) {
            if (result.size() != 1) {
                throw new IllegalStateException("ONNX Runtime gave " + result.size() + " results");
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void readLogits(int row, float[] destination) {
        logits.get(row * vocabSize, destination, 0, vocabSize);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        } finally {
            logitsTensor.close();
            weights.values().forEach(OnnxTensorLike::close);
        }
    }
}
