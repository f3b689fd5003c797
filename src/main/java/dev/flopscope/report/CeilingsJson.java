package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.Peak;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;

/** Ceilings of one number of threads as JSON: medians under the plain key, the fastest samples under {@code best_}. */
final class CeilingsJson {
    private static final String GFLOPS = "gflops_per_second";
    private static final String BYTES = "bytes_per_second";

    private CeilingsJson() {}

    static ObjectNode of(Ceilings ceilings) {
        ObjectNode json = Json.object().put("threads", ceilings.threads());
        json.set("fused_multiply_add", rate(GFLOPS, ceilings.fusedMultiplyAdd()));
        ObjectNode memory = json.putObject("memory");
        memory.put("array_bytes", ceilings.memory().arrayBytes());
        memory.set("read", rate(BYTES, ceilings.memory().read()));
        memory.set("write", rate(BYTES, ceilings.memory().write()));
        memory.set("triad", rate(BYTES, ceilings.memory().triad()));
        json.set("products", Json.array(ceilings.products(), CeilingsJson::product));
        ObjectNode roofline = json.putObject("roofline");
        roofline.set("compute", peak(GFLOPS, ceilings.computePeak()));
        roofline.set("memory", peak(BYTES, ceilings.memoryPeak()));
        roofline.put("balance_flops_per_byte", ceilings.balance());
        return json;
    }

    private static ObjectNode product(ProductCeiling product) {
        return Json.object()
                .put("class", product.shapeClass().label())
                .put("m", product.m())
                .put("k", product.k())
                .put("n", product.n())
                .put("flops_per_byte", product.flopsPerByte())
                .setAll(rate(GFLOPS, product.gflopsPerSecond()));
    }

    private static ObjectNode rate(String unit, Rate rate) {
        ObjectNode json = Json.object();
        put(json, unit, unit, rate.median());
        put(json, "best_" + unit, unit, rate.best());
        return json.put("samples", rate.samples()).put("steady", rate.steady());
    }

    private static ObjectNode peak(String unit, Peak peak) {
        ObjectNode json = Json.object();
        put(json, unit, unit, peak.value());
        return json.put("reached_by", peak.source());
    }

    /** Bytes are whole; as a fraction they would have an exponent. */
    private static void put(ObjectNode json, String key, String unit, double value) {
        if (unit.equals(BYTES)) {
            json.put(key, Math.round(value));
        } else {
            json.put(key, value);
        }
    }
}
