package dev.flopscope.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.machine.CpuTopology;
import dev.flopscope.run.HardwareResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the hardware is, which BLAS runs on it, and what they reach. */
public final class HardwareReport implements Report {
    private final HardwareResult result;

    /** Reports {@code result}. */
    public HardwareReport(HardwareResult result) {
        this.result = result;
    }

    @Override
    public Document document() {
        return new HardwareDocument(result).document();
    }

    /** The values of the JSON, each under the path that leads to it. */
    @Override
    public CsvRows rows() {
        List<List<Object>> rows = new ArrayList<>();
        addLeaves("", json(), rows);
        return new CsvRows(List.of("key", "value"), rows);
    }

    private static void addLeaves(String path, JsonNode node, List<List<Object>> rows) {
        if (node.isValueNode()) {
            rows.add(List.of(path, node.asText()));
        }
        String prefix = path.isEmpty() ? "" : path + ".";
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            addLeaves(prefix + entry.getKey(), entry.getValue(), rows);
        }
        for (int index = 0; node.isArray() && index < node.size(); index++) {
            addLeaves(prefix + index, node.get(index), rows);
        }
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = MachineJson.of(result.machine());
        json.put("engine", result.engine().label());
        CpuTopology topology = result.topology();
        topology.packages().ifPresent(count -> json.put("packages", count));
        topology.physicalCores().ifPresent(count -> json.put("physical_cores", count));
        topology.logicalCores().ifPresent(count -> json.put("logical_cores", count));
        ArrayNode caches = json.putArray("caches");
        topology.caches()
                .forEach(cache -> caches.addObject()
                        .put("level", cache.level())
                        .put("type", cache.type())
                        .put("bytes", cache.bytes()));
        result.lastLevelCacheBytes().ifPresent(bytes -> json.put("last_level_caches_bytes", bytes));
        ArrayNode ceilings = json.putArray("ceilings");
        result.ceilings().forEach(of -> ceilings.add(CeilingsJson.of(of)));
        return json;
    }
}
