package dev.flopscope.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.machine.MachineInfo;

/** A machine as JSON. */
final class MachineJson {
    private MachineJson() {}

    static ObjectNode of(MachineInfo machine) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("cpu", machine.cpu().model());
        json.put("cores", machine.cpu().cores());
        json.put("vector_instructions", machine.cpu().vectorInstructions());
        json.put("blas_vendor", machine.blas().vendor());
        json.put("blas_version", machine.blas().version());
        json.put("blas_kernel", machine.blas().kernel());
        json.put("threads", machine.threads());
        json.put("memory_total_bytes", machine.memory().total());
        json.put("memory_available_bytes", machine.memory().available());
        json.put("java", machine.java());
        json.put("os", machine.os());
        return json;
    }
}
