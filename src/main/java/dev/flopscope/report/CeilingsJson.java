package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.ProductCeiling;
import dev.flopscope.machine.Rate;
import dev.flopscope.machine.Roof;

/** Ceilings of one number of threads as JSON: medians under the plain key, the fastest samples under {@code best_}. */
final class CeilingsJson {
    private static final String GFLOPS = "gflops_per_second";
    private static final String BYTES = "bytes_per_second";

    private CeilingsJson() {}

    static ObjectNode of(Ceilings ceilings) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("threads", ceilings.threads());
        json.set("fused_multiply_add", rate(GFLOPS, ceilings.fusedMultiplyAdd()));
        ObjectNode memory = json.putObject("memory");
        memory.put("array_bytes", ceilings.memory().arrayBytes());
        memory.set("read", rate(BYTES, ceilings.memory().read()));
        memory.set("write", rate(BYTES, ceilings.memory().write()));
        memory.set("triad", rate(BYTES, ceilings.memory().triad()));
        ArrayNode products = json.putArray("products");
        ceilings.products().forEach(product -> products.add(product(product)));
        ObjectNode roofline = json.putObject("roofline");
        roofline.set("compute", roof(GFLOPS, ceilings.computeRoof()));
        roofline.set("memory", roof(BYTES, ceilings.memoryRoof()));
        roofline.put("balance_flops_per_byte", ceilings.balance());
        return json;
    }

    private static ObjectNode product(ProductCeiling product) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("class", product.shapeClass().label());
        json.put("m", product.m());
        json.put("k", product.k());
        json.put("n", product.n());
        json.put("flops_per_byte", product.flopsPerByte());
        json.setAll(rate(GFLOPS, product.gflopsPerSecond()));
        return json;
    }

    private static ObjectNode rate(String unit, Rate rate) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        put(json, unit, unit, rate.median());
        put(json, "best_" + unit, unit, rate.best());
        return json.put("samples", rate.samples()).put("steady", rate.steady());
    }

    private static ObjectNode roof(String unit, Roof roof) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        put(json, unit, unit, roof.value());
        return json.put("reached_by", roof.source());
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
