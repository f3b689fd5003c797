package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.config.Attention;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.Components;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.flops.MemoryAccount;
import dev.flopscope.flops.ParameterAccount;
import dev.flopscope.flops.PhaseAccount;
import java.util.Map;
import java.util.stream.IntStream;

/** An account as JSON: the keys of {@code account}, and those that measurements share with it. */
final class AccountJson {
    private final Account account;

    AccountJson(Account account) {
        this.account = account;
    }

    /** What holds for all phases: convention, model, batch, context, parameters and memory. */
    ObjectNode common() {
        ObjectNode json = Json.object().put("convention", account.convention());
        json.set("model", model(account.model()));
        json.put("batch", account.batch()).put("context", account.context());
        Phase prompt = account.prefill().phase();
        if (prompt.steps() > 1) {
            json.put("chunk", prompt.queries());
        }
        if (prompt.logits() != LogitsRows.ALL) {
            json.put("logits", prompt.logits().label());
        }
        json.set("attention", attention());
        json.set("parameters", parameters(account.parameters()));
        json.set("memory", memory(account.memory()));
        return json;
    }

    /** The keys of every phase that are known before it runs: of decoding its tokens and what they read, and components. */
    void addExpected(ObjectNode json, PhaseAccount phase) {
        if (phase.phase().name() == Phase.Name.DECODE) {
            json.put("tokens", phase.phase().tokens())
                    .put("kv_cache_bytes", account.memory().kvCacheBytes())
                    .put("weights_bytes_read_per_token", account.weightsBytesRead());
        }
        json.set("components", components(phase.components()));
    }

    /** Everything: the prompt's keys at the top, and those of decoding under a key of their own. */
    ObjectNode whole() {
        ObjectNode json = common();
        addPhase(json, account.prefill());
        account.decode().ifPresent(phase -> addPhase(json.putObject("decode"), phase));
        return json;
    }

    private void addPhase(ObjectNode json, PhaseAccount phase) {
        addExpected(json, phase);
        json.set(
                "sites",
                Json.array(
                        phase.kinds(),
                        kind -> site(kind).put("flops", kind.flops()).put("bytes", kind.compulsoryBytes())));
        addTotals(json, phase);
        if (phase.phase().name() == Phase.Name.DECODE) {
            json.set(
                    "positions",
                    Json.array(
                            IntStream.range(0, phase.phase().steps()).boxed().toList(),
                            step -> position(phase.phase(), step)));
        }
    }

    private static ObjectNode addTotals(ObjectNode json, PhaseAccount phase) {
        return json.put("flops", phase.flops())
                .put("bytes", phase.compulsoryBytes())
                .put("flops_per_byte", (double) phase.flops() / phase.compulsoryBytes());
    }

    private ObjectNode position(Phase phase, int step) {
        PhaseAccount token = account.step(phase, step);
        return Json.object()
                .put("position", token.phase().end())
                .put("flops", token.flops())
                .put("bytes", token.compulsoryBytes());
    }

    /** {@code row} with what is the same for all rows of a phase in CSV. */
    ObjectNode row(PhaseAccount phase, ObjectNode row) {
        return row.put("model", account.model().name())
                .put("batch", account.batch())
                .put("context", account.context())
                .put("phase", phase.phase().name().label());
    }

    /** One kind's extents; FLOPs are for the caller to add. */
    static ObjectNode site(KindAccount kind) {
        ObjectNode json = Json.object()
                .put("kind", kind.kind().label())
                .put("layers", kind.layers())
                .put("calls", kind.calls())
                .put("m", kind.largest().m())
                .put("k", kind.largest().k())
                .put("n", kind.largest().n());
        if (!kind.hasOneShape()) {
            json.set(
                    "shapes",
                    Json.array(
                            kind.shapes(),
                            shape -> Json.object()
                                    .put("calls", shape.calls())
                                    .put("m", shape.m())
                                    .put("k", shape.k())
                                    .put("n", shape.n())));
        }
        return json;
    }

    private static ObjectNode model(ModelConfig model) {
        ObjectNode json = Json.object()
                .put("name", model.name())
                .put("vocab_size", model.vocabSize())
                .put("context_length", model.contextLength())
                .put("num_layers", model.numLayers())
                .put("d_model", model.dModel());
        addBlock(json, model.firstBlock());
        json.put("tie_embeddings", model.head().tied());
        if (!model.isUniform()) {
            json.set("blocks", Json.array(model.layersByBlock().entrySet(), AccountJson::blocks));
        }
        return json;
    }

    private static ObjectNode blocks(Map.Entry<BlockConfig, Integer> blocks) {
        ObjectNode json = Json.object().put("layers", blocks.getValue());
        addBlock(json, blocks.getKey());
        return json;
    }

    private static void addBlock(ObjectNode json, BlockConfig block) {
        json.put("num_heads", block.attention().numHeads())
                .put("num_kv_heads", block.attention().numKvHeads())
                .put("head_dim", block.attention().headDim());
        block.attention().window().ifPresent(tokens -> json.put("window", tokens));
        json.put("d_ff", block.feedForward().width())
                .put("feed_forward", block.feedForward().label())
                .put("rope_theta", block.attention().rotary().theta())
                .put("norm_eps", block.attentionNorm().epsilon());
    }

    private ObjectNode attention() {
        Attention attention = account.attention();
        PhaseAccount prompt = account.prefill();
        return Json.object()
                .put("algorithm", attention.algorithm().label())
                .put("query_tile", attention.queryTile(prompt.phase().queries()))
                .put("key_tile", attention.keyTile(account.context()))
                .put("flops", prompt.components().attentionProducts())
                .put("useful_flops", prompt.usefulAttentionFlops());
    }

    private static ObjectNode parameters(ParameterAccount parameters) {
        return Json.object()
                .put("total", parameters.total())
                .put("embedding", parameters.embedding())
                .put("blocks", parameters.blocks())
                .put("block", parameters.firstBlock().total())
                .put("final_norm", parameters.finalNorm())
                .put("lm_head", parameters.lmHead());
    }

    private static ObjectNode memory(MemoryAccount memory) {
        return Json.object()
                .put("weights_bytes", memory.weightsBytes())
                .put("activations_bytes", memory.activationsBytes())
                .put("kv_cache_bytes", memory.kvCacheBytes());
    }

    private static ObjectNode components(Components components) {
        return Json.object()
                .put("attention_projections", components.attentionProjections())
                .put("attention_products", components.attentionProducts())
                .put("feed_forward", components.feedForward())
                .put("lm_head", components.lmHead());
    }
}
