package dev.flopscope.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The processor.
 *
 * @param model its name as the operating system gives it
 * @param cores processors this process may use
 * @param flags instruction sets in Linux's names ({@code avx2}, {@code avx512f}); empty where they cannot be read
 */
public record Cpu(String model, int cores, Set<String> flags) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /** What every AVX-512 kernel of OpenBLAS uses: the instruction sets of the first AVX-512 server processors. */
    private static final Set<String> AVX512 = Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

    /** Fused multiply-adds of vectors of 256 bits. */
    private static final Set<String> FUSED_VECTORS = Set.of("avx2", "fma");

    /** Keeps a copy of the set. */
    public Cpu {
        flags = Set.copyOf(flags);
    }

    /** This machine's processor; what cannot be read is given as unknown, never an error. */
    public static Cpu detect() {
        int cores = Runtime.getRuntime().availableProcessors();
        try {
            return parse(Files.readAllLines(CPUINFO), cores);
        } catch (IOException e) {
            return new Cpu(System.getProperty("os.arch", "unknown"), cores, Set.of());
        }
    }

    /** Reads the first processor of {@code /proc/cpuinfo}. */
    static Cpu parse(List<String> cpuinfo, int cores) {
        String model = value(cpuinfo, "model name").orElseGet(() -> System.getProperty("os.arch", "unknown"));
        Set<String> flags = value(cpuinfo, "flags")
                .map(text -> Set.copyOf(List.of(text.toLowerCase(Locale.ROOT).split("\\s+"))))
                .orElse(Set.of());
        return new Cpu(model, cores, flags);
    }

    private static Optional<String> value(List<String> cpuinfo, String key) {
        return cpuinfo.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst();
    }

    /** Whether OpenBLAS's AVX-512 kernels run on it. */
    public boolean hasAvx512() {
        return flags.containsAll(AVX512);
    }

    /** Whether one instruction multiplies and adds. Where that is unknown, it does: every server processor since 2013. */
    public boolean hasFusedMultiplyAdd() {
        return flags.isEmpty() || flags.contains("fma");
    }

    /** The widest loop of multiply-adds that runs on it. */
    public MultiplyAddLoop multiplyAddLoop() {
        if (flags.contains("avx512f")) {
            return MultiplyAddLoop.AVX512;
        }
        return flags.containsAll(FUSED_VECTORS) ? MultiplyAddLoop.AVX2 : MultiplyAddLoop.JAVA;
    }

    /** The widest of the vector instruction sets that matter to BLAS, in words. */
    public String vectorInstructions() {
        if (hasAvx512()) {
            return "AVX-512";
        }
        if (flags.contains("avx2")) {
            return "AVX2";
        }
        return flags.isEmpty() ? "unknown" : "SSE";
    }
}
