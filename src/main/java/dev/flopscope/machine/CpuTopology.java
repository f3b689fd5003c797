package dev.flopscope.machine;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.ProcessorCache;

/**
 * What the processor is made of, as far as OSHI can tell; all of it is optional.
 *
 * @param name the processor's name
 * @param packages sockets
 * @param physicalCores cores
 * @param logicalCores hardware threads
 * @param caches one of each kind, first level first
 */
public record CpuTopology(
        Optional<String> name,
        OptionalInt packages,
        OptionalInt physicalCores,
        OptionalInt logicalCores,
        List<Cache> caches) {

    /**
     * One kind of cache. A processor may have several of it; see {@link LastLevelCache}.
     *
     * @param level 1 is next to the core
     * @param type {@code data}, {@code instruction} or {@code unified}
     * @param bytes its size
     */
    public record Cache(int level, String type, long bytes) {}

    /** Keeps a copy. */
    public CpuTopology {
        caches = List.copyOf(caches);
    }

    /** Nothing known. */
    public static CpuTopology unknown() {
        return new CpuTopology(
                Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), List.of());
    }

    /** Asks OSHI, which takes a quarter of a second; what fails for whatever reason is unknown, never an error. */
    public static CpuTopology detect() {
        return detect(() -> of(new SystemInfo().getHardware().getProcessor()));
    }

    /**
     * The source's answer, or unknown. OSHI reads dozens of system files and calls natives, so that it may fail in ways that
     * are no exceptions: a native library that does not load, a class of another version of JNA. None is worth a report.
     */
    static CpuTopology detect(Supplier<CpuTopology> source) {
        try {
            return source.get();
        } catch (Throwable e) {
            return unknown();
        }
    }

    private static CpuTopology of(CentralProcessor processor) {
        return new CpuTopology(
                Optional.ofNullable(processor.getProcessorIdentifier().getName())
                        .map(String::strip)
                        .filter(text -> !text.isEmpty()),
                positive(processor.getPhysicalPackageCount()),
                positive(processor.getPhysicalProcessorCount()),
                positive(processor.getLogicalProcessorCount()),
                caches(processor.getProcessorCaches().stream()));
    }

    private static List<Cache> caches(Stream<ProcessorCache> caches) {
        return caches.map(cache -> new Cache(
                        cache.getLevel(), cache.getType().name().toLowerCase(Locale.ROOT), cache.getCacheSize()))
                .filter(cache -> cache.bytes() > 0)
                .sorted(Comparator.comparingInt(Cache::level).thenComparing(Cache::type))
                .toList();
    }

    private static OptionalInt positive(int count) {
        return count > 0 ? OptionalInt.of(count) : OptionalInt.empty();
    }
}
