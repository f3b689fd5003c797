package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.sweep.Exponent;
import dev.flopscope.sweep.Measured;
import dev.flopscope.sweep.Place;
import dev.flopscope.sweep.Scaling;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepRow;
import java.util.List;

/** The parts of a sweep as JSON. */
final class SweepJson {
    static final String CONVENTION = "matrix products only; a multiply-add is 2 FLOPs; attention is dense, T×T, masked"
            + " after the product, but for causal, which leaves out tiles that the mask empties";

    private SweepJson() {}

    static ObjectNode row(SweepRow row) {
        SweepPoint point = row.point();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        settings(json, point).put("context", point.context()).put("seed", point.seed());
        json.putObject("attention")
                .put("algorithm", point.attention())
                .put("query_tile", point.queryTile())
                .put("key_tile", point.keyTile());
        row.measured().ifPresent(measured -> measured(json, measured));
        row.skipped().ifPresent(reason -> json.put("skipped", reason));
        json.set("machine", machine(row.place()));
        json.put("date", row.date());
        return json;
    }

    private static ObjectNode settings(ObjectNode json, SweepPoint point) {
        json.putObject("model").put("name", point.model()).put("hash", point.modelHash());
        return json.put("batch", point.batch()).put("threads", point.threads()).put("weights", point.weights());
    }

    private static void measured(ObjectNode json, Measured measured) {
        json.putObject("flops").put("counted", measured.countedFlops()).put("expected", measured.expectedFlops());
        ObjectNode seconds = json.putObject("seconds")
                .put("median", measured.median())
                .put("least", measured.least())
                .put("most", measured.most());
        ArrayNode samples = seconds.putArray("samples");
        measured.samples().forEach(samples::add);
        json.put("gflops_per_second", measured.gflopsPerSecond());
        json.put("agrees", measured.agrees());
        measured.peakResidentBytes().ifPresent(bytes -> json.put("peak_resident_bytes", bytes));
    }

    private static ObjectNode machine(Place place) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("cpu", place.cpu())
                .put("cores", place.cores())
                .put("vector_instructions", place.vectorInstructions())
                .put("blas_vendor", place.blasVendor())
                .put("blas_version", place.blasVersion())
                .put("blas_kernel", place.blasKernel())
                .put("java", place.java())
                .put("os", place.os());
    }

    static ArrayNode exponents(List<Scaling> scalings) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (Scaling scaling : scalings) {
            SweepPoint point = scaling.point();
            ObjectNode entry = settings(json.addObject(), point).put("attention", point.attention());
            if (point.hasTiles()) {
                entry.put("query_tile", point.queryTile()).put("key_tile", point.keyTile());
            }
            ArrayNode contexts = entry.putArray("contexts");
            scaling.contexts().forEach(contexts::add);
            entry.set("time", exponent(scaling.time()));
            entry.set("flops", exponent(scaling.flops()));
            entry.set("machine", machine(scaling.place()));
        }
        return json;
    }

    private static ObjectNode exponent(Exponent exponent) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("exponent", exponent.value())
                .put("standard_error", exponent.standardError());
    }
}
