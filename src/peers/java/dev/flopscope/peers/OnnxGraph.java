package dev.flopscope.peers;

import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.NormConfig;
import java.util.List;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * A model as an ONNX graph of the operators that ONNX Runtime's own exporter of language models emits: fused norms, fused
 * causal attention with rotary positions, products that read weights as [out, in].
 *
 * <p>Weights are named here and given to the session from outside, since a protobuf message holds less than 2 GiB.
 */
final class OnnxGraph {
    static final String IDS = "ids";
    static final String LOGITS = "logits";
    static final String COSINES = "cosines";
    static final String SINES = "sines";
    /** Int32: T − 1 for the one sequence. */
    static final String LAST_POSITION = "last_position";
    /** Int32: T. */
    static final String TOTAL_LENGTH = "total_length";

    static final String EMBEDDING = "embedding";
    static final String FINAL_NORM = "final_norm";
    static final String LM_HEAD = "lm_head";

    private static final String MICROSOFT = "com.microsoft";
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    private final ModelConfig model;
    private final AttentionConfig heads;
    private final FeedForwardConfig network;
    private final int tokens;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("decoder");

    private OnnxGraph(ModelConfig model, int tokens) {
        this.model = model;
        this.heads = model.firstBlock().attention();
        this.network = model.firstBlock().feedForward();
        this.tokens = tokens;
    }

    /** The serialised model, whose blocks are all the same, for one sequence of {@code tokens} tokens. */
    static byte[] build(ModelConfig model, int tokens) {
        return new OnnxGraph(model, tokens).model().toByteArray();
    }

    /** The name of a weight of a layer. */
    static String weight(int layer, String name) {
        return "layers." + layer + "." + name;
    }

    private ModelProto model() {
        graph.addInput(value(IDS, TensorProto.DataType.INT64, 1, tokens));
        graph.addOutput(value(LOGITS, TensorProto.DataType.FLOAT, 1, tokens, model.vocabSize()));
        external(COSINES, tokens, heads.headDim() / 2);
        external(SINES, tokens, heads.headDim() / 2);
        constant(LAST_POSITION, tokens - 1, 1);
        constant(TOTAL_LENGTH, tokens);
        external(EMBEDDING, model.vocabSize(), model.dModel());
        node("", "Gather", List.of(EMBEDDING, IDS), List.of("x0"));
        external(weight(0, "attention_norm"), model.dModel());
        add(
                node(
                        "",
                        "SimplifiedLayerNormalization",
                        List.of("x0", weight(0, "attention_norm")),
                        List.of("normed0")),
                epsilon());
        String stream = "x0";
        for (int layer = 0; layer < model.numLayers(); layer++) {
            stream = block(layer, stream);
        }
        external(LM_HEAD, model.vocabSize(), model.dModel());
        product("normed" + model.numLayers(), LM_HEAD, LOGITS);
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
                .setGraph(graph)
                .build();
    }

    /** One block, from the stream and its norm to the next stream, whose norm it leaves as the next {@code normed}. */
    private String block(int layer, String stream) {
        String normed = "normed" + layer;
        String attended = attention(layer, normed);
        String middle = weight(layer, "middle");
        String inner = weight(layer, "normed");
        addAndNorm(stream, attended, weight(layer, "feed_forward_norm"), inner, middle);
        String fed = feedForward(layer, inner);
        String next = "x" + (layer + 1);
        boolean last = layer + 1 == model.numLayers();
        String gain = last ? FINAL_NORM : weight(layer + 1, "attention_norm");
        addAndNorm(middle, fed, gain, "normed" + (layer + 1), next);
        return next;
    }

    private String attention(int layer, String normed) {
        String query = linear(layer, "query", normed, heads.queryWidth(), model.dModel());
        String key = linear(layer, "key", normed, heads.keyWidth(), model.dModel());
        String value = linear(layer, "value", normed, heads.keyWidth(), model.dModel());
        String attended = weight(layer, "heads");
        // Without a past: the third and fourth inputs stay empty.
        List<String> inputs = List.of(query, key, value, "", "", LAST_POSITION, TOTAL_LENGTH, COSINES, SINES);
        List<String> outputs = List.of(attended, attended + ".present_key", attended + ".present_value");
        add(
                node(MICROSOFT, "GroupQueryAttention", inputs, outputs),
                integer("num_heads", heads.numHeads()),
                integer("kv_num_heads", heads.numKvHeads()),
                integer("do_rotary", 1),
                integer("rotary_interleaved", 0),
                number("scale", (float) (1 / Math.sqrt(heads.headDim()))));
        return linear(layer, "output", attended, model.dModel(), heads.queryWidth());
    }

    private String feedForward(int layer, String normed) {
        String up = linear(layer, "up", normed, network.width(), model.dModel());
        String activated = weight(layer, "activated");
        if (network instanceof FeedForwardConfig.Plain) {
            node(MICROSOFT, "FastGelu", List.of(up), List.of(activated));
        } else {
            String gate = linear(layer, "gate", normed, network.width(), model.dModel());
            String silu = weight(layer, "silu");
            // x·sigmoid(α·x), which is silu at α = 1.
            add(node(MICROSOFT, "QuickGelu", List.of(gate), List.of(silu)), number("alpha", 1f));
            node("", "Mul", List.of(silu, up), List.of(activated));
        }
        return linear(layer, "down", activated, model.dModel(), network.width());
    }

    private String linear(int layer, String name, String input, int out, int in) {
        String matrix = weight(layer, name);
        external(matrix, out, in);
        String result = matrix + ".result";
        product(input, matrix, result);
        return result;
    }

    /** x·Wᵀ: the same kernel as MatMul's, which packs W once when the session starts, whichever way it lies. */
    private void product(String input, String matrix, String result) {
        add(node(MICROSOFT, "FusedMatMul", List.of(input, matrix), List.of(result)), integer("transB", 1));
    }

    private void addAndNorm(String stream, String update, String gain, String normed, String sum) {
        external(gain, model.dModel());
        add(
                node(
                        MICROSOFT,
                        "SkipSimplifiedLayerNormalization",
                        List.of(stream, update, gain),
                        List.of(normed, "", "", sum)),
                epsilon());
    }

    private NodeProto.Builder node(String domain, String operator, List<String> inputs, List<String> outputs) {
        return graph.addNodeBuilder()
                .setDomain(domain)
                .setOpType(operator)
                .setName(outputs.get(0) + "/" + operator)
                .addAllInput(inputs)
                .addAllOutput(outputs);
    }

    private static void add(NodeProto.Builder node, AttributeProto... attributes) {
        node.addAllAttribute(List.of(attributes));
    }

    private AttributeProto epsilon() {
        return number("epsilon", (float) ((NormConfig.Rms) model.head().norm()).epsilon());
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static AttributeProto number(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    /** Declares a float32 weight that the session is given. */
    private void external(String name, long... shape) {
        TensorProto.Builder tensor = graph.addInitializerBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("memory"));
        for (long extent : shape) {
            tensor.addDims(extent);
        }
    }

    private void constant(String name, int value, long... shape) {
        TensorProto.Builder tensor = graph.addInitializerBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT32.getNumber())
                .addInt32Data(value);
        for (long extent : shape) {
            tensor.addDims(extent);
        }
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, long... shape) {
        TensorShapeProto.Builder extents = TensorShapeProto.newBuilder();
        for (long extent : shape) {
            extents.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(extent));
        }
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(extents);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
