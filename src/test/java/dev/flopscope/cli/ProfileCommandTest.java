package dev.flopscope.cli;

import static dev.flopscope.cli.ProfileChecks.addedUp;
import static dev.flopscope.cli.ProfileChecks.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.TraceRules;
import dev.flopscope.cli.InProcess.Outcome;
import dev.flopscope.schema.Schemas;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code profile}: it measures the machine first, which takes seconds, so all that it writes is of one profile. */
final class ProfileCommandTest {
    @TempDir
    private static Path folder = Path.of("");

    private static Outcome profile = new Outcome(-1, "", "");

    @BeforeAll
    static void profileOnce() {
        profile = InProcess.in(folder)
                .run("profile TINY --threads 2 --tile 5x3 --repetitions 3 --by site --top 4"
                        + " --output ./a.json --output ./a.csv --output ./a.md --output ./a.html"
                        + " --trace ./a.json.gz --jfr ./a.jfr");
        assertThat(profile.exitCode()).as(profile.err()).isZero();
        assertThat(profile.err()).isEmpty();
    }

    private static JsonNode report() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("a.json").toFile());
    }

    @Test
    void aProfileIsWrittenInEveryFormat() throws Exception {
        assertThat(profile.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(profile.out()).contains("15 others", "all products", "The median pass", "AGREES");
        assertThat(Files.readAllLines(folder.resolve("a.csv"))).hasSize(1 + 2 * 9 + 1);
        assertThat(Files.readString(folder.resolve("a.md"))).contains("| layers.");
        JsonNode json = report();
        JsonNode figures = ProfileChecks.figures(Files.readString(folder.resolve("a.html")));
        Schemas.hold(figures);
        ((ObjectNode) json).remove("command_line");
        ((ObjectNode) json.at("/phases/0")).remove(List.of("by_site", "layers"));
        assertThat(figures).isEqualTo(json);
    }

    @Test
    void itsCountsAddUp() throws Exception {
        JsonNode json = report();
        assertThat(json.at("/agrees").asBoolean()).isTrue();
        assertThat(json.at("/phases/0/flops/counted").asLong())
                .isEqualTo(json.at("/phases/0/flops/expected").asLong())
                .isEqualTo(sum(json.at("/phases/0/by_site"), "counted"))
                .isEqualTo(sum(json.at("/phases/0/sites"), "counted"))
                .isEqualTo(json.at("/phases/0/tree/counted").asLong());
        assertThat(json.at("/phases/0/by_site")).hasSize(2 * 9 + 1);
    }

    @Test
    void itsTimesAddUpAndAreMediansOfItsRepetitions() throws Exception {
        JsonNode json = report();
        json.at("/phases/0/by_site").forEach(ProfileChecks::assertMedianOfThree);
        json.at("/phases/0/sites").forEach(ProfileChecks::assertMedianOfThree);
        json.at("/phases/0/steps_between").forEach(ProfileChecks::assertMedianOfThree);
        assertThat(json.at("/phases/0/layers")).hasSize(2);
        assertThat(json.at("/phases/0/wall_samples")).hasSize(3);
        assertThat(json.at("/phases/0/seconds/matmul").asDouble()
                        + json.at("/phases/0/seconds/other").asDouble())
                .isCloseTo(json.at("/phases/0/seconds/wall").asDouble(), within(1e-9));
        assertThat(addedUp(json.at("/phases/0/tree")))
                .isCloseTo(json.at("/phases/0/seconds/wall").asDouble() * 1e9, within(1.0));
    }

    @Test
    void itSaysHowItWasMeasured() throws Exception {
        JsonNode json = report();
        assertThat(json.at("/ceilings/0/threads").asInt())
                .isEqualTo(json.at("/engine/threads").asInt());
        assertThat(json.at("/phases/0/warm_up/passes").asInt()).isBetween(3, 6);
        assertThat(json.at("/flopscope/commit").asText()).matches("unknown|.*[0-9a-f]{12}(-changed)?");
        assertThat(json.at("/date").asText()).matches("20\\d\\d-.*Z");
    }

    @Test
    void itsTraceAndRecordingHoldItsRepetitionsAndNoWarmUp() throws Exception {
        JsonNode trace;
        try (InputStream file = new GZIPInputStream(Files.newInputStream(folder.resolve("a.json.gz")))) {
            trace = TraceRules.read(file.readAllBytes());
        }
        JsonNode report = report();
        RecordingChecks.productsOf(report, trace, 3);
        assertThat(TraceRules.spans(trace, "part").stream()
                        .map(part -> part.at("/name").asText())
                        .filter(name -> name.startsWith("pass")))
                .containsExactly("pass 1", "pass 2", "pass 3");
        RecordingChecks.assertHoldsTheProductsOf(report, RecordingFile.readAllEvents(folder.resolve("a.jfr")), 3);
    }
}
