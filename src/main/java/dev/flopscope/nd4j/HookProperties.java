package dev.flopscope.nd4j;

import java.util.Map;
import java.util.stream.Collectors;

/** The system properties by which ND4J chooses its parts when it starts. Naming this class starts nothing of ND4J. */
public final class HookProperties {
    /** What they must say for operations to be told of. */
    public static final Map<String, String> ALL = Map.of(
            "opexec", "dev.flopscope.nd4j.CountingExecutioner",
            "ndarrayfactory.class", "dev.flopscope.nd4j.CountingArrayFactory");

    private HookProperties() {}

    /** As options of Java: {@code -Dopexec=…}. */
    static String options() {
        return ALL.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "-D" + entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }
}
