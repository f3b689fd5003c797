package dev.flopscope.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LastLevelCacheTest {
    private static final long KIB = 1024;

    @TempDir
    private Path processors = Path.of("");

    private void cache(int cpu, int index, int level, String type, String size, String sharedBy) throws IOException {
        Path folder = Files.createDirectories(processors.resolve("cpu" + cpu + "/cache/index" + index));
        Files.writeString(folder.resolve("level"), level + "\n");
        Files.writeString(folder.resolve("type"), type + "\n");
        Files.writeString(folder.resolve("size"), size + "\n");
        Files.writeString(folder.resolve("shared_cpu_list"), sharedBy + "\n");
    }

    /** Four cores, two to a third-level cache. */
    private void fourCores() throws IOException {
        for (int cpu = 0; cpu < 4; cpu++) {
            cache(cpu, 0, 1, "Data", "32K", Integer.toString(cpu));
            cache(cpu, 2, 2, "Unified", "1024K", Integer.toString(cpu));
            cache(cpu, 3, 3, "Unified", "32768K", cpu < 2 ? "0-1" : "2-3");
        }
    }

    @Test
    void aCacheThatCoresShareCountsOnceAndEveryOneCounts() throws IOException {
        fourCores();
        assertThat(LastLevelCache.bytes(processors, 4)).hasValue(2 * 32768 * KIB);
    }

    @Test
    void oneCoreReachesOneCache() throws IOException {
        fourCores();
        assertThat(LastLevelCache.bytes(processors, 1)).hasValue(32768 * KIB);
    }

    @Test
    void instructionCachesHoldNoDataAndOtherFoldersAreNoProcessors() throws IOException {
        cache(0, 0, 1, "Data", "48K", "0");
        cache(0, 1, 2, "Instruction", "64K", "0");
        Files.createDirectories(processors.resolve("cpufreq"));
        assertThat(LastLevelCache.bytes(processors, 8)).hasValue(48 * KIB);
    }

    @Test
    void whatCannotBeReadIsUnknown() throws IOException {
        assertThat(LastLevelCache.bytes(processors.resolve("missing"), 4)).isEmpty();
        cache(0, 0, 1, "Data", "much", "0");
        assertThat(LastLevelCache.bytes(processors, 4)).isEmpty();
    }
}
