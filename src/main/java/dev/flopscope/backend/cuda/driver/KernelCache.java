package dev.flopscope.backend.cuda.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Compiled kernels on the disk, by everything that decides what they are: an entry is never out of date. Where nothing can be
 * written, kernels are compiled every time.
 */
final class KernelCache {
    /** A folder for compiled kernels; an empty one stands for none. */
    static final String PROPERTY = "flopscope.cuda.cache";

    private final Optional<Path> folder;

    private KernelCache(Optional<Path> folder) {
        this.folder = folder;
    }

    /** The user's cache, or where {@value #PROPERTY} says. */
    static KernelCache ofThisUser() {
        String asked = System.getProperty(PROPERTY);
        if (asked != null) {
            return new KernelCache(asked.isBlank() ? Optional.empty() : Optional.of(Path.of(asked)));
        }
        Path caches = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(text -> !text.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home", "/tmp"), ".cache"));
        return new KernelCache(Optional.of(caches.resolve("flopscope").resolve("cuda")));
    }

    /** What was compiled from {@code parts} before, or what {@code compile} makes now. */
    byte[] get(List<String> parts, Supplier<byte[]> compile) {
        if (folder.isEmpty()) {
            return compile.get();
        }
        Path file = folder.get().resolve(digest(parts) + ".cubin");
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            byte[] compiled = compile.get();
            keep(file, compiled);
            return compiled;
        }
    }

    private static void keep(Path file, byte[] compiled) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
            Path whole = Files.createTempFile(folder, "kernel", ".tmp");
            Files.write(whole, compiled);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // Without a cache the next process compiles again, which takes it a second.
            return;
        }
    }

    private static String digest(List<String> parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                sha.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                sha.update(bytes);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
