package dev.flopscope.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.weights.AttentionWeights;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.FeedForwardWeights;
import dev.flopscope.weights.ModelWeights;
import dev.flopscope.weights.NormWeights;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * libtorch, through DJL: a script without gradients, with fused causal attention, which skips tiles that are masked
 * altogether and so does fewer products than are counted.
 */
final class TorchPeer implements Peer {
    private final PtNDManager manager;
    private final PtSymbolBlock program;
    private final boolean packed;
    private final List<IValue> parameters;
    private @Nullable NDArray logits;

    /**
     * Compiles the script for memory of {@code shared}, which must outlive this.
     *
     * @param packed whether products are oneDNN's on packed weights (what compiled and frozen models run), or those of
     *     libtorch's default BLAS (what eager models run)
     * @throws IOException if the script cannot be handed over
     */
    TorchPeer(ModelConfig model, ModelWeights shared, int tokens, int threads, boolean packed) throws IOException {
        this.packed = packed;
        manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager();
        JniUtils.setNumThreads(threads);
        byte[] archive = TorchProgram.build(model, tokens, packed);
        program = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
        Shape angles = new Shape(tokens, 1, model.firstBlock().attention().headDim() / 2);
        IValue matrices = IValue.listFrom(matrices(shared));
        parameters = List.of(
                IValue.from(share(shared.embedding())),
                packed ? IValueUtils.runMethod(program, "pack", matrices) : matrices,
                IValue.listFrom(gains(shared)),
                IValue.from(share(RotaryTables.cosines(model, tokens), angles)),
                IValue.from(share(RotaryTables.sines(model, tokens), angles)));
    }

    /** Block by block in the order of the script, then the LM head. */
    private PtNDArray[] matrices(ModelWeights shared) {
        List<PtNDArray> matrices = new ArrayList<>();
        for (BlockWeights block : shared.blocks()) {
            AttentionWeights.Heads attention = (AttentionWeights.Heads) block.attention();
            List.of(attention.query(), attention.key(), attention.value(), attention.output())
                    .forEach(matrix -> matrices.add(share(matrix.weight())));
            if (block.feedForward() instanceof FeedForwardWeights.Gated gated) {
                List.of(gated.up(), gated.down(), gated.gate()).forEach(matrix -> matrices.add(share(matrix.weight())));
            } else if (block.feedForward() instanceof FeedForwardWeights.Plain plain) {
                List.of(plain.up(), plain.down()).forEach(matrix -> matrices.add(share(matrix.weight())));
            }
        }
        matrices.add(share(shared.lmHead()));
        return matrices.toArray(PtNDArray[]::new);
    }

    private PtNDArray[] gains(ModelWeights shared) {
        List<PtNDArray> gains = new ArrayList<>();
        for (BlockWeights block : shared.blocks()) {
            gains.add(shareGain(block.attentionNorm()));
            gains.add(shareGain(block.feedForwardNorm()));
        }
        gains.add(shareGain(shared.finalNorm()));
        return gains.toArray(PtNDArray[]::new);
    }

    private PtNDArray share(Tensor matrix) {
        return share(SharedMemory.of(matrix), new Shape(SharedMemory.shape(matrix)));
    }

    private PtNDArray shareGain(NormWeights norm) {
        return share(SharedMemory.of(norm.gain()), new Shape(norm.gain().columns()));
    }

    /** DJL keeps a direct buffer alive and reads it in place. */
    private PtNDArray share(ByteBuffer memory, Shape shape) {
        return manager.create(memory, shape, DataType.FLOAT32);
    }

    @Override
    public String name() {
        return "libtorch " + Engine.getEngine("PyTorch").getVersion() + (packed ? ", oneDNN packed" : ", default BLAS");
    }

    @Override
    public void run(int[] ids) {
        forget();
        long[] input = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            input[i] = ids[i];
        }
        try (PtNDArray array = (PtNDArray) manager.create(input);
                IValue first = IValue.from(array)) {
            List<IValue> arguments = new ArrayList<>(List.of(first));
            arguments.addAll(parameters);
            try (IValue result = IValueUtils.runMethod(program, "forward", arguments.toArray(IValue[]::new))) {
                logits = result.toTensor(manager);
            }
        }
    }

    private void forget() {
        if (logits != null) {
            logits.close();
            logits = null;
        }
    }

    @Override
    public void readLogits(int row, float[] destination) {
        if (logits == null) {
            throw new IllegalStateException("no pass was run");
        }
        try (NDArray one = logits.get(row)) {
            System.arraycopy(one.toFloatArray(), 0, destination, 0, destination.length);
        }
    }

    @Override
    public void close() {
        forget();
        parameters.forEach(IValue::close);
        program.close();
        manager.close();
    }
}
