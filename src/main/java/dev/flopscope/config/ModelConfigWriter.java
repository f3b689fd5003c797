package dev.flopscope.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes a model config in Flopscope's own JSON dialect, so that {@link ModelConfigReader} reads the same model from it. */
public final class ModelConfigWriter {
    private ModelConfigWriter() {}

    /**
     * Writes {@code model} without its name: every key of the dialect, always in the same order.
     *
     * @throws IllegalArgumentException if the dialect has no words for the model, as where its blocks differ
     */
    public static ObjectNode write(ModelConfig model) {
        AttentionConfig attention = model.firstBlock().attention();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("vocab_size", model.vocabSize())
                .put("context_length", model.contextLength())
                .put("num_layers", model.numLayers())
                .put("d_model", model.dModel())
                .put("num_heads", attention.numHeads())
                .put("num_kv_heads", attention.numKvHeads())
                .put("head_dim", attention.headDim())
                .put("d_ff", model.firstBlock().feedForward().width())
                .put("tie_embeddings", model.head().tied())
                .put("feed_forward", model.firstBlock().feedForward().label())
                .put("rope_theta", attention.rotary().theta())
                .put("norm_eps", model.head().norm().epsilon());
        if (!isReadAs(model, json.toString())) {
            throw new IllegalArgumentException("a JSON config cannot express model " + model.name());
        }
        return json;
    }

    private static boolean isReadAs(ModelConfig model, String json) {
        try {
            return new ModelConfigReader()
                    .read(model.name(), model.name(), json)
                    .equals(model);
        } catch (BadDataException e) {
            return false;
        }
    }
}
