package dev.flopscope.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Limits that Linux's control groups, and so containers, set on the memory of this process: cgroups(7) and the kernel's
 * documentation of the memory controller, version 2 and version 1.
 *
 * <p>A group's limit holds for all groups in it, so that every level from the process's own group to the root counts. In a
 * container the root that is mounted is often the container's own group, and the path that the kernel tells does not exist
 * below it; what cannot be read is left out.
 */
final class ControlGroups {
    private static final Path SELF = Path.of("proc/self/cgroup");
    private static final Controller V2 =
            new Controller(Path.of("sys/fs/cgroup"), "memory.max", "memory.current", "inactive_file ");
    private static final Controller V1 = new Controller(
            Path.of("sys/fs/cgroup/memory"), "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ");

    private ControlGroups() {}

    /**
     * One level's limit.
     *
     * @param limit the most bytes that the group may have
     * @param used what it has, without file pages that have not been used lately: those are dropped when memory is short
     */
    record Limit(long limit, long used) {}

    /** Where a version of the controller has its files, and what they are called. */
    private record Controller(Path mount, String limit, String usage, String droppable) {
        Optional<Limit> in(Path group) {
            OptionalLong most = number(group.resolve(limit));
            OptionalLong use = number(group.resolve(usage));
            if (most.isEmpty() || use.isEmpty()) {
                return Optional.empty();
            }
            long cached = lines(group.resolve("memory.stat")).stream()
                    .filter(line -> line.startsWith(droppable))
                    .mapToLong(line -> parse(line.substring(droppable.length())).orElse(0))
                    .sum();
            return Optional.of(new Limit(most.getAsLong(), Math.max(0, use.getAsLong() - cached)));
        }
    }

    /** The limits of all levels, in any order. */
    static List<Limit> limits(Path root) {
        List<Limit> limits = new ArrayList<>();
        for (String line : lines(root.resolve(SELF))) {
            String[] fields = line.split(":", 3); // number, controllers, path
            if (fields.length == 3 && fields[1].isEmpty()) {
                limits.addAll(upwards(root, V2, fields[2]));
            } else if (fields.length == 3 && List.of(fields[1].split(",", -1)).contains("memory")) {
                limits.addAll(upwards(root, V1, fields[2]));
            }
        }
        return limits;
    }

    private static List<Limit> upwards(Path root, Controller files, String group) {
        Path mount = root.resolve(files.mount);
        Path own = mount.resolve(group.substring(group.startsWith("/") ? 1 : 0)).normalize();
        return Stream.iterate(own.startsWith(mount) ? own : mount, path -> path.startsWith(mount), Path::getParent)
                .flatMap(path -> files.in(path).stream())
                .toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static OptionalLong number(Path file) {
        return lines(file).stream().findFirst().map(ControlGroups::parse).orElse(OptionalLong.empty());
    }

    /** Empty for {@code max}, which is no limit. */
    private static OptionalLong parse(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
