package dev.flopscope.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes a model config in the keys that it was read from, so that {@link ModelConfigReader} reads the same model from it. */
public final class ModelConfigWriter {
    private ModelConfigWriter() {}

    /**
     * Writes {@code model} without its name: every key, always in the same order.
     *
     * @throws IllegalArgumentException if the dialect has no words for the model, as where its blocks differ
     */
    public static ObjectNode write(ModelConfig model) {
        ObjectNode json = model.architecture().json().isEmpty() ? own(model) : published(model);
        if (!isReadAs(model, json.toString())) {
            throw new IllegalArgumentException("a JSON config cannot express model " + model.name());
        }
        return json;
    }

    private static ObjectNode published(ModelConfig model) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(model.architecture().json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a config that was read is not JSON", e);
        }
    }

    private static ObjectNode own(ModelConfig model) {
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
                .put("feed_forward", model.firstBlock().feedForward().label());
        attention.rotary().ifPresent(rotary -> json.put("rope_theta", rotary.theta()));
        return json.put("norm_eps", model.head().norm().epsilon());
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
