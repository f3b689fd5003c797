package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.flops.KindAccount;
import dev.flopscope.run.KindResult;
import dev.flopscope.run.Prediction;
import dev.flopscope.run.RunResult;
import dev.flopscope.time.Step;
import java.util.ArrayList;
import java.util.List;

/** One counted pass: counts against closed forms, and times. */
public final class RunReport implements Report {
    private static final double NANOSECONDS = 1e9;

    private final RunResult result;

    /** Reports {@code result}. */
    public RunReport(RunResult result) {
        this.result = result;
    }

    @Override
    public Document document() {
        return new RunDocument(result).document();
    }

    @Override
    public CsvRows rows() {
        List<List<Object>> rows = new ArrayList<>();
        result.kinds()
                .forEach(kind -> rows.add(row(
                        "prefill",
                        kind,
                        result.wallNanoseconds(),
                        result.reconciliation().countedFlops())));
        result.decode()
                .ifPresent(decode -> decode.kinds()
                        .forEach(kind -> rows.add(row(
                                "decode",
                                kind,
                                decode.wallNanoseconds(),
                                decode.reconciliation().countedFlops()))));
        return new CsvRows(
                List.of(
                        "model",
                        "batch",
                        "context",
                        "kind",
                        "layers",
                        "calls",
                        "calls_counted",
                        "m",
                        "k",
                        "n",
                        "counted",
                        "expected",
                        "seconds",
                        "gflops_per_second",
                        "share_of_time",
                        "share_of_flops",
                        "phase"),
                rows);
    }

    private List<Object> row(String phase, KindResult kind, long wallNanoseconds, long flops) {
        KindAccount expected = kind.expected();
        return List.of(
                result.account().model().name(),
                result.account().batch(),
                result.account().context(),
                expected.kind().label(),
                expected.layers(),
                expected.calls(),
                kind.countedCalls(),
                expected.m(),
                expected.k(),
                expected.n(),
                kind.countedFlops(),
                expected.flops(),
                kind.seconds(),
                kind.gflopsPerSecond(),
                (double) kind.nanoseconds() / wallNanoseconds,
                (double) kind.countedFlops() / flops,
                phase);
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = new AccountJson(result.account()).common();
        ((ObjectNode) json.get("parameters")).put("allocated", result.allocatedParameters());
        ArrayNode sites = json.putArray("sites");
        result.kinds().forEach(kind -> sites.add(site(kind)));
        json.putObject("flops")
                .put("counted", result.reconciliation().countedFlops())
                .put("expected", result.reconciliation().expectedFlops());
        json.putObject("seconds")
                .put("wall", result.wallNanoseconds() / NANOSECONDS)
                .put("matmul", result.matmulNanoseconds() / NANOSECONDS)
                .put("other", (result.wallNanoseconds() - result.matmulNanoseconds()) / NANOSECONDS)
                .put("waiting", result.times().waiting() / NANOSECONDS)
                .put("unexplained", result.unexplainedNanoseconds() / NANOSECONDS)
                .put("preparation", result.preparationNanoseconds() / NANOSECONDS);
        ArrayNode steps = json.putArray("steps");
        for (Step step : result.times().stepsTaken()) {
            steps.addObject()
                    .put("name", step.label())
                    .put("seconds", result.times().step(step) / NANOSECONDS);
        }
        json.put("gflops_per_second", result.gflopsPerSecond());
        json.put("agrees", result.agrees());
        json.put("sites_checked", result.reconciliation().sites().size());
        ArrayNode disagreements = json.putArray("disagreements");
        result.reconciliation().disagreements().forEach(disagreements::add);
        json.put("seed", result.spec().seed());
        json.put("weights", result.spec().weights().label());
        ArrayNode next = json.putArray("next_token");
        result.predictions().forEach(prediction -> next.add(prediction(next.objectNode(), prediction)));
        result.peakResidentBytes().ifPresent(bytes -> json.put("peak_resident_bytes", bytes));
        json.set("machine", MachineJson.of(result.machine()));
        result.decode().ifPresent(decode -> json.set("decode", DecodeJson.of(decode)));
        return json;
    }

    static ObjectNode site(KindResult kind) {
        return AccountJson.site(kind.expected())
                .put("calls_counted", kind.countedCalls())
                .put("flops", kind.expected().flops())
                .put("counted", kind.countedFlops())
                .put("expected", kind.expected().flops())
                .put("seconds", kind.seconds())
                .put("gflops_per_second", kind.gflopsPerSecond());
    }

    private static ObjectNode prediction(ObjectNode json, Prediction prediction) {
        return json.put("token", prediction.token())
                .put("text", prediction.text())
                .put("probability", prediction.probability());
    }
}
