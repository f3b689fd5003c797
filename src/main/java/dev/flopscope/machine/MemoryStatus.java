package dev.flopscope.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Physical memory in bytes.
 *
 * @param total what this process could ever have: the machine's memory or its control group's limit
 * @param available what it can have now without pushing others out
 */
public record MemoryStatus(long total, long available) {
    private static final Path MEMINFO = Path.of("proc/meminfo");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR_REFS = Path.of("/proc/self/clear_refs");
    /** What resets VmHWM, by proc_pid_clear_refs(5). */
    private static final String RESET_PEAK = "5";

    private static final long KIB = 1024;

    /** Reads Linux's figures; elsewhere Java's own view of the machine. */
    public static MemoryStatus detect() {
        return detect(Path.of("/"));
    }

    /** As {@link #detect()}, with the system's files below {@code root}. */
    static MemoryStatus detect(Path root) {
        OptionalLong total = kibibytes(root.resolve(MEMINFO), "MemTotal:");
        OptionalLong available = kibibytes(root.resolve(MEMINFO), "MemAvailable:");
        if (total.isEmpty() || available.isEmpty()) {
            return fromJava();
        }
        MemoryStatus status = new MemoryStatus(total.getAsLong(), available.getAsLong());
        for (ControlGroups.Limit limit : ControlGroups.limits(root)) {
            status = new MemoryStatus(
                    Math.min(status.total, limit.limit()),
                    Math.min(status.available, Math.max(0, limit.limit() - limit.used())));
        }
        return status;
    }

    /** The most memory this process has had resident so far, in bytes; empty where it cannot be read. */
    public static OptionalLong peakResident() {
        return kibibytes(STATUS, "VmHWM:");
    }

    /** Lets {@link #peakResident} begin anew from what is resident now, where Linux allows it; elsewhere nothing changes. */
    public static void resetPeakResident() {
        try {
            Files.writeString(CLEAR_REFS, RESET_PEAK);
        } catch (IOException e) {
            // The peak stays that of the whole process so far.
        }
    }

    private static MemoryStatus fromJava() {
        if (java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system) {
            return new MemoryStatus(system.getTotalMemorySize(), system.getFreeMemorySize());
        }
        return new MemoryStatus(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private static OptionalLong kibibytes(Path file, String key) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
