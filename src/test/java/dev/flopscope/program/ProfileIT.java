package dev.flopscope.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.program.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProfileIT {
    private static final String TINY =
            Path.of("src/test/resources/models/tiny.json").toAbsolutePath().toString();

    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void aProfileIsWrittenInEveryFormatAndItsNumbersAddUp() throws Exception {
        Outcome outcome = Program.in(folder)
                .run(
                        "profile",
                        TINY,
                        "--repetitions",
                        "3",
                        "--by",
                        "site",
                        "--top",
                        "4",
                        "--output",
                        "a.json",
                        "--output",
                        "a.csv",
                        "--output",
                        "a.md",
                        "--output",
                        "a.html");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(outcome.out()).contains("15 others", "all products", "The median pass", "AGREES");
        assertThat(Files.readAllLines(folder.resolve("a.csv"))).hasSize(1 + 2 * 9 + 1);
        assertThat(Files.readString(folder.resolve("a.md"))).contains("| layers.");

        JsonNode json = mapper.readTree(folder.resolve("a.json").toFile());
        assertThat(figures(Files.readString(folder.resolve("a.html"))).properties())
                .hasSizeGreaterThan(20)
                .allSatisfy(entry -> assertThat(entry.getValue()).isEqualTo(json.get(entry.getKey())));
        assertThat(json.at("/agrees").asBoolean()).isTrue();
        assertThat(json.at("/flops/counted").asLong())
                .isEqualTo(json.at("/flops/expected").asLong())
                .isEqualTo(sum(json.at("/by_site"), "flops"))
                .isEqualTo(sum(json.at("/sites"), "counted"))
                .isEqualTo(json.at("/tree/flops").asLong());
        assertThat(json.at("/by_site")).hasSize(2 * 9 + 1);
        for (JsonNode site : json.at("/by_site")) {
            assertMedianOfThree(site);
            assertThat(site.at("/flops").asLong())
                    .isEqualTo(2
                            * site.at("/calls").asLong()
                            * site.at("/m").asLong()
                            * site.at("/k").asLong()
                            * site.at("/n").asLong());
        }
        json.at("/sites").forEach(ProfileIT::assertMedianOfThree);
        json.at("/steps").forEach(ProfileIT::assertMedianOfThree);
        assertThat(json.at("/layers")).hasSize(2);
        assertThat(json.at("/wall_samples")).hasSize(3);
        assertThat(json.at("/seconds/matmul").asDouble()
                        + json.at("/seconds/other").asDouble())
                .isCloseTo(json.at("/seconds/wall").asDouble(), within(1e-9));
        assertThat(addedUp(json.at("/tree"))).isCloseTo(json.at("/seconds/wall").asDouble() * 1e9, within(1.0));
        assertThat(json.at("/ceilings/threads").asInt())
                .isEqualTo(json.at("/machine/threads").asInt());
        assertThat(json.at("/warm_up/passes").asInt()).isBetween(3, 6);
        assertThat(json.at("/commit").asText()).matches("unknown|.*[0-9a-f]{12}(-changed)?");
        assertThat(json.at("/date").asText()).matches("20\\d\\d-.*Z");
    }

    /** 807,952 parameters are read for each token of each sequence, and each of 4 heads of 4 sees 17 to 20 positions. */
    @Test
    void decodedTokensAreProfiledInEveryFormatAndAgreeInEveryRepetition() throws Exception {
        Outcome outcome = Program.in(folder)
                .run(
                        "profile",
                        TINY,
                        "--batch",
                        "2",
                        "--decode",
                        "4",
                        "--repetitions",
                        "3",
                        "--output",
                        "a.json",
                        "--output",
                        "a.csv",
                        "--output",
                        "a.html",
                        "--trace",
                        "trace.json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(outcome.out().replaceAll("\\s+", " "))
                .contains("Decoding 4 tokens, hotspots", "and at each of 19 in each of 3 decodings, 12,946,176 FLOPs");
        assertThat(Files.readAllLines(folder.resolve("a.csv"))).hasSize(1 + 2 * 10);

        JsonNode json = mapper.readTree(folder.resolve("a.json").toFile());
        JsonNode decode = json.at("/decode");
        long weights = 2 * (2 * 16 * 16 + 2 * 16 * 8 + 3 * 16 * 24) + 50_257L * 16;
        long positions = 17 + 18 + 19 + 20;
        long flops = 2 * (4 * 2 * weights + 4 * 2 * 16 * positions);
        assertThat(decode.at("/flops/counted").asLong())
                .isEqualTo(decode.at("/flops/expected").asLong())
                .isEqualTo(sum(decode.at("/by_site"), "flops"))
                .isEqualTo(flops);
        assertThat(decode.at("/agrees").asBoolean()).isTrue();
        assertThat(decode.at("/kv_cache_bytes").asLong()).isEqualTo(2L * 2 * 2 * 20 * 2 * 4 * 4);
        decode.at("/by_site").forEach(ProfileIT::assertMedianOfThree);
        decode.at("/steps").forEach(ProfileIT::assertMedianOfThree);
        assertThat(addedUp(decode.at("/tree")))
                .isCloseTo(decode.at("/seconds/wall").asDouble() * 1e9, within(1.0));
        assertThat(figures(Files.readString(folder.resolve("a.html"))).at("/decode/sites"))
                .isEqualTo(decode.at("/sites"));

        Outcome run = Program.in(folder).run("run", TINY, "--batch", "2", "--decode", "4", "--format", "json");
        assertThat(decode.at("/ids")).isEqualTo(mapper.readTree(run.out()).at("/decode/ids"));
        JsonNode trace = mapper.readTree(folder.resolve("trace.json").toFile());
        assertThat(StreamSupport.stream(trace.at("/traceEvents").spliterator(), false)
                        .mapToLong(event -> event.at("/args/flops").asLong())
                        .sum())
                .as("the passes, and not what follows them")
                .isEqualTo(3 * json.at("/flops/counted").asLong());
    }

    /** What the charts of a page are drawn from. */
    private JsonNode figures(String page) throws IOException {
        String start = "id=\"figures\">";
        int from = page.indexOf(start) + start.length();
        return mapper.readTree(page.substring(from, page.indexOf("</script>", from)));
    }

    private static void assertMedianOfThree(JsonNode row) {
        List<Double> samples = StreamSupport.stream(row.at("/samples").spliterator(), false)
                .map(JsonNode::asDouble)
                .sorted()
                .toList();
        assertThat(samples).hasSize(3);
        assertThat(row.at("/seconds").asDouble()).isEqualTo(samples.get(1)).isPositive();
    }

    private static long sum(JsonNode rows, String key) {
        return StreamSupport.stream(rows.spliterator(), false)
                .mapToLong(row -> row.at("/" + key).asLong())
                .sum();
    }

    /** The leaves of a branch, each branch held against the sum of its parts on the way. */
    private static double addedUp(JsonNode branch) {
        if (branch.at("/parts").isMissingNode()) {
            return branch.at("/nanoseconds").asLong();
        }
        assertThat(sum(branch.at("/parts"), "nanoseconds"))
                .as(branch.at("/name").asText())
                .isEqualTo(branch.at("/nanoseconds").asLong());
        return StreamSupport.stream(branch.at("/parts").spliterator(), false)
                .mapToDouble(ProfileIT::addedUp)
                .sum();
    }
}
