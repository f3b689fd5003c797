package dev.flopscope.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine of 16 GiB, 12 of them available, in files below a folder. */
final class ControlGroupsTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    @TempDir
    private Path root;

    @BeforeEach
    void machine() throws IOException {
        write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:         1 kB\nMemAvailable:   12582912 kB\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void group(String folder, String limit, long used, long inactiveFile) throws IOException {
        write(folder + "/memory.max", limit + "\n");
        write(folder + "/memory.current", used + "\n");
        write(folder + "/memory.stat", "anon 5\ninactive_anon 7\ninactive_file " + inactiveFile + "\nactive_file 9\n");
    }

    private void groupOfVersion1(String folder, long limit, long used, long inactiveFile) throws IOException {
        write(folder + "/memory.limit_in_bytes", limit + "\n");
        write(folder + "/memory.usage_in_bytes", used + "\n");
        write(folder + "/memory.stat", "inactive_file 3\ntotal_inactive_file " + inactiveFile + "\n");
    }

    @Test
    void withoutAGroupTheMachineIsTheLimit() throws IOException {
        assertThat(MemoryStatus.detect(root)).isEqualTo(new MemoryStatus(16 * GIB, 12 * GIB));
        write("proc/self/cgroup", "0::/\n");
        assertThat(MemoryStatus.detect(root)).isEqualTo(new MemoryStatus(16 * GIB, 12 * GIB));
        group("sys/fs/cgroup", "max", 3 * GIB, 0);
        assertThat(MemoryStatus.detect(root)).isEqualTo(new MemoryStatus(16 * GIB, 12 * GIB));
    }

    @Test
    void theTightestLevelOfVersion2Counts() throws IOException {
        write("proc/self/cgroup", "0::/system.slice/job.scope/inner\n");
        group("sys/fs/cgroup/system.slice/job.scope/inner", "max", GIB, 0);
        group("sys/fs/cgroup/system.slice/job.scope", String.valueOf(4 * GIB), 2 * GIB, 0);
        group("sys/fs/cgroup/system.slice", String.valueOf(8 * GIB), 7 * GIB, 0);
        assertThat(MemoryStatus.detect(root)).isEqualTo(new MemoryStatus(4 * GIB, GIB));
    }

    @Test
    void pagesOfFilesThatCanBeDroppedAreNotInUse() throws IOException {
        write("proc/self/cgroup", "0::/job\n");
        group("sys/fs/cgroup/job", String.valueOf(4 * GIB), 3 * GIB + GIB / 2, 3 * GIB);
        assertThat(MemoryStatus.detect(root)).isEqualTo(new MemoryStatus(4 * GIB, 3 * GIB + GIB / 2));
    }

    @Test
    void version1Counts() throws IOException {
        write("proc/self/cgroup", "11:cpu,cpuacct:/other\n4:memory:/docker/0123\n0::/unified\n");
        groupOfVersion1("sys/fs/cgroup/memory/docker/0123", 700 * MIB, 300 * MIB, 100 * MIB);
        groupOfVersion1("sys/fs/cgroup/memory", 0x7FFFFFFFFFFFF000L, 9 * GIB, 0);
        assertThat(MemoryStatus.detect(root)).isEqualTo(new MemoryStatus(700 * MIB, 500 * MIB));
    }

    /** In a container, its own group is where the root is mounted, and its path is that on the host. */
    @Test
    void aPathThatIsNotMountedLeavesTheLimitsAboveIt() throws IOException {
        write("proc/self/cgroup", "4:memory:/docker/0123\n");
        groupOfVersion1("sys/fs/cgroup/memory", GIB, GIB / 4, 0);
        assertThat(MemoryStatus.detect(root)).isEqualTo(new MemoryStatus(GIB, 3 * GIB / 4));
        write("proc/self/cgroup", "0::/../../elsewhere\n");
        group("sys/fs/cgroup", String.valueOf(2 * GIB), GIB, 0);
        assertThat(MemoryStatus.detect(root)).isEqualTo(new MemoryStatus(2 * GIB, GIB));
    }

    @Test
    void whoIsOverTheLimitHasNothingLeft() throws IOException {
        write("proc/self/cgroup", "0::/job\nnonsense\n");
        group("sys/fs/cgroup/job", String.valueOf(GIB), 2 * GIB, 0);
        assertThat(MemoryStatus.detect(root)).isEqualTo(new MemoryStatus(GIB, 0));
    }
}
