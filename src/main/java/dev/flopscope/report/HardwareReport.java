package dev.flopscope.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.report.Document.Fact;
import dev.flopscope.report.Document.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the hardware is and which BLAS runs on it. */
public final class HardwareReport implements Report {
    private final MachineInfo machine;

    /** Reports {@code machine}. */
    public HardwareReport(MachineInfo machine) {
        this.machine = machine;
    }

    @Override
    public Document document() {
        return new Document(
                "Hardware",
                List.of(new Facts(List.of(
                        new Fact("CPU", machine.cpu().model()),
                        new Fact("cores", Figures.count(machine.cpu().cores()) + " for this process"),
                        new Fact("vectors", machine.cpu().vectorInstructions()),
                        new Fact(
                                "BLAS",
                                machine.blas().vendor() + " " + machine.blas().version()),
                        new Fact("kernel", machine.blas().kernel()),
                        new Fact("threads", Figures.count(machine.threads())),
                        new Fact(
                                "memory",
                                Figures.gibibytes(machine.memory().total()) + ", "
                                        + Figures.gibibytes(machine.memory().available()) + " available"),
                        new Fact("Java", machine.java()),
                        new Fact("system", machine.os())))));
    }

    @Override
    public CsvRows rows() {
        List<List<Object>> rows = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : json().properties()) {
            rows.add(List.of(entry.getKey(), entry.getValue().asText()));
        }
        return new CsvRows(List.of("key", "value"), rows);
    }

    @Override
    public ObjectNode json() {
        return MachineJson.of(machine);
    }
}
