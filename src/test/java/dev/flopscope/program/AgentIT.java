package dev.flopscope.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.program.Program.Outcome;
import dev.flopscope.schema.Schemas;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code -javaagent:flopscope.jar} counts a program that was not changed for it. */
@Execution(ExecutionMode.CONCURRENT)
final class AgentIT {
    private static final String AGENT =
            "-javaagent:" + Path.of("target", "flopscope.jar").toAbsolutePath();

    /** (5×7)·(7×11), (5×11)·(11×7), and an inner product of 9. */
    private static final long FLOPS = 2L * 5 * 7 * 11 + 2L * 5 * 11 * 7 + 2L * 9;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void printsWhatTheProgramMultipliedAndLeavesItsOutputAlone() throws Exception {
        Outcome alone = program().run();
        Outcome counted = program(AGENT).run();

        assertThat(counted.exitCode()).as(counted.err()).isZero();
        assertThat(counted.out()).isEqualTo(alone.out()).endsWith("9.0\n");
        assertThat(counted.err())
                .contains("FLOPs       " + String.format("%,d", FLOPS))
                .contains("matmul", "5×7·7×11", "5×11·11×7", "blas.dot");
    }

    @Test
    void writesWhatItCountedInAFile() throws Exception {
        Path file = folder.resolve("counts.json");

        Outcome counted = program(AGENT + "=output=" + file).run();

        assertThat(counted.exitCode()).as(counted.err()).isZero();
        assertThat(counted.err()).doesNotContain("FLOPs");
        JsonNode json = new ObjectMapper().readTree(Files.readString(file));
        Schemas.hold(json);
        assertThat(json.at("/flops").asLong()).isEqualTo(FLOPS);
        assertThat(json.at("/complete").asBoolean()).isTrue();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFileThatCannotBeWrittenKeepsNothingFromTheUser() throws Exception {
        Outcome counted = program(AGENT + "=output=" + folder.resolve("missing/counts.json"))
                .run();

        assertThat(counted.exitCode()).as(counted.err()).isZero();
        assertThat(counted.err()).contains("counts.json cannot be written", "5×7·7×11");
    }

    @Test
    void tellsOfAProgramThatFails() throws Exception {
        Outcome counted = program(AGENT).run("fail");

        assertThat(counted.exitCode()).isEqualTo(1);
        assertThat(counted.err()).contains("as asked for", "FLOPs       " + String.format("%,d", FLOPS));
    }

    @Test
    void refusesOptionsThatItDoesNotHave() throws Exception {
        Outcome counted = program(AGENT + "=verbose").run();

        assertThat(counted.exitCode()).isEqualTo(2);
        assertThat(counted.out()).isEmpty();
        assertThat(counted.err())
                .startsWith("flopscope: the agent has one option, output=FILE")
                .hasLineCount(1);
    }

    @Test
    void flopscopeItselfCountsNothingMoreUnderItsAgent() throws Exception {
        Outcome counted = Program.in(folder).withJava(AGENT).run("account", Program.TINY);

        assertThat(counted.exitCode()).as(counted.err()).isZero();
        assertThat(counted.err()).contains("FLOPs       0");
    }

    private Program program(String... options) {
        String classes = Path.of("target", "test-classes").toAbsolutePath() + File.pathSeparator
                + Path.of("target", "lib").toAbsolutePath() + File.separator + "*";
        return Program.in(folder).main(classes, ProductsOfNd4j.class.getName(), options);
    }
}
