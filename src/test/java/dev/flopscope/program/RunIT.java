package dev.flopscope.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.program.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The figures that gpt2-small is known by, as a fresh process gives them. It takes seconds, so all look at one run. */
@Execution(ExecutionMode.CONCURRENT)
final class RunIT {
    private static final long FLOPS = 349_630_365_696L;

    @TempDir
    private static Path folder = Path.of("");

    private static Outcome run = new Outcome(-1, "", "");

    @BeforeAll
    static void runGpt2Small() throws Exception {
        run = Program.in(folder)
                .withJava("-Xlog:class+load:file=classes.txt:none:filecount=0")
                .run("run", "gpt2-small", "--decode", "32", "--format", "json");
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private static JsonNode report() throws IOException {
        return new ObjectMapper().readTree(run.out());
    }

    @Test
    void standardErrorIsEmpty() {
        assertThat(run.err()).isEmpty();
    }

    @Test
    void everyFlopOfTheClosedFormIsCounted() throws Exception {
        JsonNode json = report();
        assertThat(json.at("/phases/0/flops/counted").asLong()).isEqualTo(FLOPS);
        assertThat(json.at("/phases/0/flops/expected").asLong()).isEqualTo(FLOPS);
        assertThat(json.at("/parameters/allocated").asLong()).isEqualTo(190_460_160L);
        assertThat(json.at("/memory/kv_cache_bytes").asLong()).isEqualTo(2L * 12 * 1056 * 768 * 4);
        assertThat(json.at("/agrees").asBoolean()).isTrue();
        assertThat(json.at("/phases/0/sites_checked").asInt()).isEqualTo(12 * 9 + 1);
        assertThat(json.at("/phases/0/disagreements")).isEmpty();
        for (JsonNode site : json.at("/phases/0/sites")) {
            assertThat(site.at("/counted").asLong())
                    .as(site.at("/kind").asText())
                    .isEqualTo(site.at("/expected").asLong())
                    .isEqualTo(2
                            * site.at("/calls_counted").asLong()
                            * site.at("/m").asLong()
                            * site.at("/k").asLong()
                            * site.at("/n").asLong());
        }
    }

    @Test
    void timesAddUp() throws Exception {
        JsonNode json = report();
        double wall = json.at("/phases/0/seconds/wall").asDouble();
        assertThat(json.at("/phases/0/seconds/matmul").asDouble()
                        + json.at("/phases/0/seconds/other").asDouble())
                .isCloseTo(wall, within(1e-6));
        double named = json.at("/phases/0/seconds/waiting").asDouble()
                + json.at("/phases/0/seconds/unexplained").asDouble();
        for (JsonNode step : json.at("/phases/0/steps_between")) {
            assertThat(step.at("/seconds").asDouble())
                    .as(step.at("/name").asText())
                    .isPositive();
            named += step.at("/seconds").asDouble();
        }
        // A pass that fills caches for decoding has a step more than others.
        assertThat(json.at("/phases/0/steps_between")).hasSize(7);
        assertThat(named).isCloseTo(json.at("/phases/0/seconds/other").asDouble(), within(1e-6));
    }

    /** 151,843,584 parameters are read for each token, and each of 12 heads sees 1,025 positions and more. */
    @Test
    void thirtyTwoTokensAreDecodedByTheirClosedForm() throws Exception {
        JsonNode json = report();
        JsonNode decode = json.at("/phases/1");
        long weights = 12 * (4 * 768 * 768 + 3 * 768 * 3072) + 50_257L * 768;
        long positions = 32 * 1024 + 32 * 33 / 2;
        long flops = 32 * 2 * weights + 4 * 12 * 768 * positions;
        assertThat(decode.at("/flops/counted").asLong()).isEqualTo(flops);
        assertThat(decode.at("/flops/expected").asLong()).isEqualTo(flops);
        assertThat(decode.at("/bytes_counted").asLong())
                .isEqualTo(decode.at("/bytes").asLong())
                .isGreaterThan(32 * 4 * weights);
        assertThat(decode.at("/agrees").asBoolean()).isTrue();
        assertThat(decode.at("/disagreements")).isEmpty();
        assertThat(decode.at("/token_seconds")).hasSize(32);
        assertThat(decode.at("/ids")).hasSize(1);
        assertThat(decode.at("/ids/0")).hasSize(32);
        assertThat(decode.at("/ids/0/0")).isEqualTo(json.at("/next_token/0/token"));
        assertThat(decode.at("/seconds/wall").asDouble()).isPositive();
        assertThat(json.at("/rooflines/0/bytes_per_second").asLong()).isPositive();
    }

    /** Starting it would take part of the first product's time. */
    @Test
    void javasRecorderIsNotStartedWhereNothingIsRecorded() throws Exception {
        assertThat(Files.readAllLines(folder.resolve("classes.txt")))
                .anyMatch(line -> line.startsWith("dev.flopscope.observe.FlightRecorderSupport "))
                .noneMatch(line -> line.startsWith("jdk.jfr.internal."))
                .noneMatch(line -> line.startsWith("jdk.jfr.Event "));
    }
}
