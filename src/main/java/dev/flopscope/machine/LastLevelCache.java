package dev.flopscope.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The caches before memory, all of them together: what a measurement of memory has to exceed.
 *
 * <p>Read from Linux, which says of each cache which processors share it. OSHI tells only how large one of a kind is, and
 * large processors have a dozen.
 */
public final class LastLevelCache {
    private static final Path PROCESSORS = Path.of("/sys/devices/system/cpu");
    private static final Pattern SIZE = Pattern.compile("\\d{1,12}K");
    private static final Pattern LEVEL = Pattern.compile("\\d");
    private static final long KIB = 1024;

    private LastLevelCache() {}

    /** A cache is known by the processors that share it, so that it counts once. */
    private record Cache(int level, String sharedBy, long bytes) {}

    /**
     * Bytes of the last-level caches that {@code cores} cores can reach at once; empty where it cannot be read.
     *
     * @param cores processors that this process may use: they reach no more caches than they are
     */
    public static OptionalLong bytes(int cores) {
        return bytes(PROCESSORS, cores);
    }

    static OptionalLong bytes(Path processors, int cores) {
        Set<Cache> caches = list(processors, "cpu\\d+").stream()
                .flatMap(processor -> list(processor.resolve("cache"), "index\\d+").stream())
                .flatMap(folder -> cache(folder).stream())
                .collect(Collectors.toSet());
        OptionalInt last = caches.stream().mapToInt(Cache::level).max();
        return last.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(caches.stream()
                        .filter(cache -> cache.level() == last.getAsInt())
                        .map(Cache::bytes)
                        .sorted(Collections.reverseOrder())
                        .limit(cores)
                        .mapToLong(Long::longValue)
                        .sum());
    }

    /** Entries whose name matches; none if the folder cannot be read, as that of a processor that is offline. */
    private static List<Path> list(Path folder, String name) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().matches(name))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A cache that holds data. */
    private static Optional<Cache> cache(Path folder) {
        Optional<String> level = read(folder.resolve("level")).filter(LEVEL.asMatchPredicate());
        Optional<String> size = read(folder.resolve("size")).filter(SIZE.asMatchPredicate());
        Optional<String> sharedBy = read(folder.resolve("shared_cpu_list"));
        boolean holdsData = read(folder.resolve("type"))
                .filter(type -> !type.equals("Instruction"))
                .isPresent();
        if (!holdsData || level.isEmpty() || size.isEmpty() || sharedBy.isEmpty()) {
            return Optional.empty();
        }
        long kibibytes = Long.parseLong(size.get().substring(0, size.get().length() - 1));
        return Optional.of(new Cache(Integer.parseInt(level.get()), sharedBy.get(), kibibytes * KIB));
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
