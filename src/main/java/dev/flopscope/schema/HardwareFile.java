package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file of {@code hardware}: what the processor is made of, as far as that is known, and what it reached. */
public record HardwareFile(
        @JsonUnwrapped Envelope envelope,
        @Nullable Integer packages,
        @Nullable Integer physicalCores,
        @Nullable Integer logicalCores,
        List<Cache> caches,
        @Nullable Long lastLevelCachesBytes,
        List<CeilingRecord> ceilings,
        List<CeilingRecord.Roofline> rooflines) {
    /** One kind of cache. */
    public record Cache(int level, String type, long bytes) {}
}
