package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.config.Attention;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.Components;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.flops.MemoryAccount;
import dev.flopscope.flops.ParameterAccount;

/** An account as JSON: the part that {@code account} and {@code run} have in common. */
final class AccountJson {
    private final Account account;

    AccountJson(Account account) {
        this.account = account;
    }

    /** Convention, model, batch, context, parameters, memory, components. */
    ObjectNode common() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("convention", account.convention());
        json.set("model", model(account.model()));
        json.put("batch", account.batch());
        json.put("context", account.context());
        json.set("attention", attention(account));
        json.set("parameters", parameters(account.parameters()));
        json.set("memory", memory(account.memory()));
        json.set("components", components(account.components()));
        return json;
    }

    /** The common part, the sites and the total. */
    ObjectNode whole() {
        ObjectNode json = common();
        ArrayNode sites = json.putArray("sites");
        account.kinds().forEach(kind -> sites.add(site(kind).put("flops", kind.flops())));
        json.put("flops", account.flops());
        return json;
    }

    /** One kind's extents; FLOPs are for the caller to add. */
    static ObjectNode site(KindAccount kind) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", kind.kind().label());
        json.put("layers", kind.layers());
        json.put("calls", kind.calls());
        json.put("m", kind.m());
        json.put("k", kind.k());
        json.put("n", kind.n());
        if (!kind.hasOneShape()) {
            ArrayNode shapes = json.putArray("shapes");
            kind.shapes()
                    .forEach(shape -> shapes.addObject()
                            .put("calls", Math.multiplyExact(kind.layers(), shape.calls()))
                            .put("m", shape.m())
                            .put("k", shape.k())
                            .put("n", shape.n()));
        }
        return json;
    }

    private static ObjectNode model(ModelConfig model) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", model.name());
        json.put("vocab_size", model.vocabSize());
        json.put("context_length", model.contextLength());
        json.put("num_layers", model.numLayers());
        json.put("d_model", model.dModel());
        json.put("num_heads", model.numHeads());
        json.put("num_kv_heads", model.numKvHeads());
        json.put("head_dim", model.headDim());
        json.put("d_ff", model.dFf());
        json.put("tie_embeddings", model.tieEmbeddings());
        json.put("feed_forward", model.feedForward().label());
        json.put("rope_theta", model.ropeTheta());
        json.put("norm_eps", model.normEps());
        return json;
    }

    private static ObjectNode attention(Account account) {
        Attention attention = account.attention();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("algorithm", attention.algorithm().label());
        json.put("query_tile", attention.queryTile(account.context()));
        json.put("key_tile", attention.keyTile(account.context()));
        json.put("flops", account.components().attentionProducts());
        json.put("useful_flops", account.usefulAttentionFlops());
        return json;
    }

    private static ObjectNode parameters(ParameterAccount parameters) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("total", parameters.total());
        json.put("embedding", parameters.embedding());
        json.put("blocks", parameters.blocks());
        json.put("block", parameters.block());
        json.put("final_norm", parameters.finalNorm());
        json.put("lm_head", parameters.lmHead());
        return json;
    }

    private static ObjectNode memory(MemoryAccount memory) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("weights_bytes", memory.weightsBytes());
        json.put("activations_bytes", memory.activationsBytes());
        json.put("kv_cache_bytes", memory.kvCacheBytes());
        return json;
    }

    private static ObjectNode components(Components components) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("attention_projections", components.attentionProjections());
        json.put("attention_products", components.attentionProducts());
        json.put("feed_forward", components.feedForward());
        json.put("lm_head", components.lmHead());
        return json;
    }
}
