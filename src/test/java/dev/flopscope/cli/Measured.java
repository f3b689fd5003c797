package dev.flopscope.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What reports say of the machine, of time and of the build, by the names under which they show it. All of it differs from
 * one start to the next; all else must not, and so is named nowhere here.
 */
final class Measured {
    /** Stands for whatever was masked. */
    static final String MASK = "#";

    private static final String NUMBER = "-?[\\d,.]*\\d";
    private static final MathContext THREE_DIGITS = new MathContext(3);

    private static final Set<String> HEADERS = Set.of(
            "seconds",
            "ms",
            "GFLOP/s",
            "GB/s",
            "ceiling",
            "beyond",
            "of time",
            "reached",
            "reached by",
            "bound by",
            "spread",
            "IQR",
            "of memory",
            "ms a token",
            "tokens/s",
            "median",
            "best",
            "samples");

    /** Tables whose headers are names of kinds or of classes, and how many columns from the left name their rows. */
    private static final Map<String, Integer> COLUMNS_KEPT = Map.of(
            "Compute, GFLOP/s", 2,
            "Memory, GB/s", 2,
            "Roofline: the fastest of all", 1,
            "Milliseconds of the median pass by layer", 1);

    /** Tables whose rows stand in the order of the time that they took. */
    private static final Pattern RANKED =
            Pattern.compile(".*([Hh]otspots: ms|[Rr]oofline: compulsory|[Pp]roducts \\(m|bandwidth).*");

    private static final Set<String> KEYS = Set.of(
            "seconds",
            "wall",
            "matmul",
            "other",
            "waiting",
            "unexplained",
            "preparation",
            "median",
            "best",
            "least",
            "most",
            "time",
            "steady",
            "nanoseconds",
            "bound",
            "gflops_reached_by",
            "bytes_reached_by",
            "above_ceiling",
            "from_caches",
            "share_of_time",
            "share_of_roofline",
            "tokens_per_second",
            "balance_flops_per_byte",
            "array_bytes",
            "peak_resident_bytes",
            "memory_total_bytes",
            "memory_available_bytes",
            "last_level_caches_bytes",
            "caches",
            "packages",
            "physical_cores",
            "logical_cores",
            "cpu",
            "cores",
            "vector_instructions",
            "kernel",
            "java",
            "os",
            "GFLOP/s",
            "date",
            "version",
            "flopscope",
            "flopscope_version",
            "commit",
            "flopscope_commit",
            "pid",
            "ts",
            "dur");

    /** Keys that are absent where the system does not tell, or where nothing was faster than the machine is. */
    private static final Set<String> UNTOLD = Set.of("caches", "last_level_caches_bytes", "measurement_errors");

    private static final Pattern KEY =
            Pattern.compile("(.*_)?(seconds|samples|gflops_per_second|bytes_per_second)(_(median|least|most|samples))?"
                    + "|machine_.*|engine_(version|kernel)|flopscope_.*");

    private static final Map<String, Replacement> FACTS = Map.ofEntries(
            Map.entry("machine", Replacement.of(".*, (\\d+ threads?)", "#, #, $1")),
            Map.entry("weights", Replacement.of(" in " + NUMBER + " s\\b", " in # s")),
            Map.entry("prepared", Replacement.of(" in " + NUMBER + " s\\b", " in # s")),
            Map.entry("drift", Replacement.ALL),
            Map.entry("products by", Replacement.of("^(\\S+).*", "$1 #")),
            Map.entry("peak memory", Replacement.of(NUMBER + " [KMG]iB", MASK)),
            Map.entry(
                    "roofline",
                    Replacement.of(
                            NUMBER + " GFLOP/s \\([^)]*\\), " + NUMBER + " GB/s \\([^)]*\\)",
                            "# GFLOP/s (#), # GB/s (#)")),
            Map.entry("BLAS", Replacement.of("^(\\S+).*", "$1 #")),
            Map.entry("CPU", Replacement.ALL),
            Map.entry("cores", Replacement.ALL),
            Map.entry("caches", Replacement.ALL),
            Map.entry("vectors", Replacement.ALL),
            Map.entry("kernel", Replacement.ALL),
            Map.entry("memory", Replacement.ALL),
            Map.entry("Java", Replacement.ALL),
            Map.entry("system", Replacement.ALL),
            Map.entry("median pass", Replacement.of(NUMBER, MASK)),
            Map.entry("GFLOP/s", Replacement.ALL),
            Map.entry("of the fastest here", Replacement.of(NUMBER, MASK)),
            Map.entry("time in products", Replacement.of(NUMBER, MASK)),
            Map.entry("decoded tokens/s", Replacement.ALL));

    /** Sentences that noise decides to print or not to print. */
    private static final Pattern NOISE =
            Pattern.compile("((Decoding|Prefill), )?\\S+: .* of FLOPs, .* ms beyond its ceiling\\."
                    + "|((Decoding|Prefill), )?[Nn]o kind of product takes longer than its ceiling allows\\."
                    + "|((Decoding|Prefill), )?[Tt]he machine, and no product, explains .*"
                    + "|(\\*\\*)?(NOT STEADY|MEASUREMENT ERROR): .*");

    private static final List<Replacement> SENTENCES = List.of(
            // Which of them it is depends on the size of the caches, which some virtual machines hide.
            Replacement.of(
                    "^(The weights fit the caches, so|Bound by (memory|compute): decoding does) .*$", "Bound by: #"),
            Replacement.of(
                    "^In decoding, (a product(&#39;|')s ceiling is|the caches hold all weights) .*$",
                    "In decoding, ceilings are those of #"),
            Replacement.of(
                    "etween products: " + NUMBER + " % of time; of its operators \\w+(?: rows)? takes most, " + NUMBER
                            + " ms",
                    "etween products: # % of time; of its operators # takes most, # ms"),
            Replacement.of("(garbage collection took) " + NUMBER + " ms", "$1 # ms"),
            Replacement.of(
                    "(time grows as T to the power) " + NUMBER + " \\(standard error " + NUMBER + "\\)",
                    "$1 # (standard error #)"),
            Replacement.of(
                    "at most " + NUMBER + " GFLOP/s, and under " + NUMBER + " FLOPs a byte at most " + NUMBER,
                    "at most # GFLOP/s, and under # FLOPs a byte at most #"),
            Replacement.of("^Begun .*, on .*, Java .*\\.$", "Begun #, on #, Java #."),
            Replacement.of("(Multiply-adds:) \\S+ loop", "$1 # loop"),
            Replacement.of(
                    "arrays of " + NUMBER + " MiB(, " + NUMBER + " times the last-level caches| \\(how large .*?\\))",
                    "arrays of # MiB, # times the last-level caches"),
            Replacement.of(
                    NUMBER + " GiB of this machine.{1,5}s " + NUMBER + " GiB are available; .*?fit\\b",
                    "# GiB of this machine's # GiB are available; #"),
            // What Java's heap may have, and how it grows, depends on how Java was started.
            Replacement.of(
                    "needs " + NUMBER + " GiB \\(weights (.*?)(, objects .*?)?\\); #", "needs # GiB (weights $1); #"),
            Replacement.of("^flopscope \\S+, commit \\S+\\s(\\w+) .*\\sJava .*", "flopscope #, commit # $1 # Java #"),
            Replacement.of("^Flopscope \\S+, commit [^.]+\\.", "Flopscope #, commit #."));

    private Measured() {}

    /** What a search finds, and what takes its place. */
    private record Replacement(Pattern found, String by) {
        static final Replacement ALL = of("^.*$", MASK);

        static Replacement of(String found, String by) {
            return new Replacement(Pattern.compile(found), by);
        }

        String in(String text) {
            return found.matcher(text).replaceAll(by);
        }
    }

    /** Whether column {@code index} of a table, which has this header, holds what was measured. The first names the row. */
    static boolean column(String caption, int index, String header) {
        int kept = COLUMNS_KEPT.entrySet().stream()
                .filter(entry -> caption.startsWith(entry.getKey()))
                .mapToInt(Map.Entry::getValue)
                .findFirst()
                .orElse(Integer.MAX_VALUE);
        return index > 0 && (index >= kept || HEADERS.contains(header));
    }

    /** Whether the rows of a table have an order that time decides. */
    static boolean ranks(String caption) {
        return RANKED.matcher(caption).matches();
    }

    /** Whether a key of JSON, or a column of CSV, holds what was measured. */
    static boolean key(String key) {
        return KEYS.contains(key) || KEY.matcher(key).matches();
    }

    /** Whether a key of JSON is there only where the system tells what it holds. */
    static boolean untold(String key) {
        return UNTOLD.contains(key);
    }

    /** The value of a fact, such as {@code machine}, without what was measured. */
    static String fact(String label, String value) {
        Replacement replacement = FACTS.get(label);
        return replacement == null ? value : replacement.in(value);
    }

    /** A sentence without what was measured; empty if noise alone decides whether it is there. */
    static Optional<String> sentence(String sentence) {
        if (NOISE.matcher(sentence).matches()) {
            return Optional.empty();
        }
        String masked = sentence;
        for (Replacement replacement : SENTENCES) {
            masked = replacement.in(masked);
        }
        return Optional.of(masked);
    }

    /** Three digits of a probability: kernels of different processors round the last ones differently. */
    static String probability(String number) {
        return String.format(Locale.ROOT, "%.2e", new BigDecimal(number).round(THREE_DIGITS));
    }
}
