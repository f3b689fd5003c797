package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.backend.cpu.CpuFootprint;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.machine.MemoryStatus;
import dev.flopscope.run.MemoryShapes.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Estimates held against the peak that the operating system reports of whole processes, which are started as the launcher
 * starts them. {@code mvn -Plarge verify -Dtest=NamesTest -Dit.test=MemoryGridIT} tries a hundred shapes, alone on the machine.
 */
final class MemoryGridIT {
    private static final int SHAPES = Integer.getInteger("memory.shapes", 0);
    private static final Pattern OPTION_OF_JAVA = Pattern.compile("(?<= )-X\\S+");
    private static final Pattern PEAK = Pattern.compile("\"peak_resident_bytes\" ?: ?(\\d+)");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void estimateIsNeverUnderAndWithinFivePercentOver() throws Exception {
        Assumptions.assumeTrue(SHAPES > 0, "estimates are held against a machine that does nothing else: -Plarge");
        SoftAssertions all = new SoftAssertions();
        for (Shape shape : MemoryShapes.all().subList(0, SHAPES)) {
            Path config = Files.writeString(folder.resolve("model.json"), shape.config());
            long used = peak(config, shape.options());
            long said = estimate(new ModelCatalog().find(config.toString()), words(shape.options()));
            System.out.printf(
                    Locale.ROOT,
                    "said %,d used %,d ratio %.3f %s %s%n",
                    said,
                    used,
                    (double) said / used,
                    shape.options(),
                    shape.config());
            all.assertThat((double) said / used).as(shape.toString()).isBetween(1.0, 1.05);
        }
        all.assertAll();
    }

    private long peak(Path config, String options) throws IOException, InterruptedException {
        List<String> command = java();
        command.addAll(List.of("run", config.toString(), "--format", "json"));
        command.addAll(List.of(options.split(" ", -1)));
        Path out = folder.resolve("out.json");
        int exitCode = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
        assertThat(exitCode).as(options).isZero();
        Matcher peak = PEAK.matcher(Files.readString(out));
        assertThat(peak.find()).isTrue();
        return Long.parseLong(peak.group(1));
    }

    /** As the launcher starts it, without its search for what is built. */
    private static List<String> java() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        OPTION_OF_JAVA
                .matcher(Files.readString(Path.of("scripts", "flopscope")))
                .results()
                .map(MatchResult::group)
                .forEach(command::add);
        assertThat(command).contains("-XX:+UseSerialGC");
        command.addAll(List.of(
                "-jar", Path.of("target", "flopscope.jar").toAbsolutePath().toString()));
        return command;
    }

    private static Map<String, String> words(String options) {
        Map<String, String> words = new HashMap<>();
        String[] split = options.split(" ", -1);
        for (int i = 0; i < split.length; i += 2) {
            words.put(split[i], split[i + 1]);
        }
        return words;
    }

    private static long estimate(ModelConfig model, Map<String, String> options) {
        int context = Integer.parseInt(options.getOrDefault("--context", "1"));
        Engine engine = "openblas".equals(options.get("--engine")) ? Engine.OPENBLAS : Hardware.bestEngine();
        int threads = Integer.parseInt(options.getOrDefault(
                "--threads", String.valueOf(Runtime.getRuntime().availableProcessors())));
        RunSpec spec = new RunSpec(
                model,
                Integer.parseInt(options.getOrDefault("--batch", "1")),
                OptionalInt.of(context),
                number(options, "--chunk"),
                number(options, "--decode"),
                "last".equals(options.get("--logits")) ? LogitsRows.LAST : LogitsRows.ALL,
                attention(options),
                new Prompt.Seeded(),
                "shared".equals(options.get("--weights")) ? WeightsMode.SHARED : WeightsMode.FULL,
                1,
                engine,
                threads);
        long ceilings = spec.decode().isPresent() ? Hardware.ceilingBytes(engine, MemoryStatus.detect()) : 0;
        return MemoryEstimate.of(spec, context, ceilings, new CpuFootprint(engine, threads, true))
                .totalBytes()
                .longValueExact();
    }

    private static Attention attention(Map<String, String> options) {
        Algorithm algorithm = switch (options.getOrDefault("--attention", "tiled")) {
            case "full" -> Algorithm.FULL;
            case "causal" -> Algorithm.CAUSAL;
            default -> Algorithm.TILED;
        };
        String tile = options.get("--tile");
        if (tile == null) {
            return Attention.of(algorithm);
        }
        String[] sides = tile.split("x", -1);
        return new Attention(algorithm, Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }

    private static OptionalInt number(Map<String, String> options, String name) {
        return options.containsKey(name)
                ? OptionalInt.of(Integer.parseInt(options.getOrDefault(name, "")))
                : OptionalInt.empty();
    }
}
