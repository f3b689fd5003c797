package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.flops.DecodeAccount;
import dev.flopscope.run.DecodeResult;
import dev.flopscope.run.KindResult;
import dev.flopscope.time.Step;
import java.util.List;

/** Decoding as JSON: on paper, and as it went. */
final class DecodeJson {
    private static final double NANOSECONDS = 1e9;

    private DecodeJson() {}

    /** Closed forms. */
    static ObjectNode of(DecodeAccount account) {
        ObjectNode json = common(account);
        ArrayNode sites = json.putArray("sites");
        account.kinds()
                .forEach(kind -> sites.add(
                        AccountJson.site(kind).put("flops", kind.flops()).put("bytes", kind.leastBytes())));
        json.put("flops", account.flops());
        json.put("bytes", account.leastBytes());
        json.put("flops_per_byte", (double) account.flops() / account.leastBytes());
        ArrayNode positions = json.putArray("positions");
        for (int token = 1; token <= account.tokens(); token++) {
            long position = (long) account.prefill().context() + token;
            positions
                    .addObject()
                    .put("position", position)
                    .put("flops", account.flopsAt(position))
                    .put("bytes", account.leastBytesAt(position));
        }
        return json;
    }

    private static ObjectNode common(DecodeAccount account) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("tokens", account.tokens())
                .put("kv_cache_bytes", account.cacheBytes())
                .put("activations_bytes", account.activationsBytes())
                .put("weights_bytes_read_per_token", account.weightsBytesRead());
    }

    /** Counted beside expected, times, and the tokens. */
    static ObjectNode of(DecodeResult result) {
        ObjectNode json = common(result.account());
        ArrayNode sites = json.putArray("sites");
        result.kinds().forEach(kind -> sites.add(site(kind)));
        json.putObject("flops")
                .put("counted", result.reconciliation().countedFlops())
                .put("expected", result.reconciliation().expectedFlops());
        long matmul = result.times().allProducts();
        json.putObject("seconds")
                .put("wall", result.wallNanoseconds() / NANOSECONDS)
                .put("matmul", matmul / NANOSECONDS)
                .put("other", (result.wallNanoseconds() - matmul) / NANOSECONDS)
                .put("waiting", result.times().waiting() / NANOSECONDS)
                .put("unexplained", result.unexplainedNanoseconds() / NANOSECONDS);
        ArrayNode steps = json.putArray("steps");
        for (Step step : result.times().stepsTaken()) {
            steps.addObject()
                    .put("name", step.label())
                    .put("seconds", result.times().step(step) / NANOSECONDS);
        }
        ArrayNode tokens = json.putArray("token_seconds");
        result.tokenNanoseconds().forEach(nanoseconds -> tokens.add(nanoseconds / NANOSECONDS));
        json.put("tokens_per_second", result.tokensPerSecond());
        json.put("bytes", result.leastBytes());
        json.put("bytes_expected", result.account().leastBytes());
        json.put("bytes_per_second", Math.round(result.bytesPerSecond()));
        json.put("flops_per_byte", result.intensity());
        json.put("from_caches", result.fromCaches());
        json.put("above_ceiling", result.aboveCeiling());
        json.put("agrees", result.agrees());
        ArrayNode disagreements = json.putArray("disagreements");
        result.disagreements().forEach(disagreements::add);
        ArrayNode ids = json.putArray("ids");
        result.ids().forEach(sequence -> ids.add(ids(ids.arrayNode(), sequence)));
        result.text().ifPresent(text -> json.put("text", text));
        json.set("ceilings", CeilingsJson.of(result.ceilings()));
        return json;
    }

    private static ArrayNode ids(ArrayNode json, List<Integer> ids) {
        ids.forEach(json::add);
        return json;
    }

    private static ObjectNode site(KindResult kind) {
        return RunReport.site(kind).put("bytes", kind.expected().leastBytes());
    }
}
