package dev.flopscope.program;

import static dev.flopscope.program.Program.TINY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.program.Program.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reports of {@code run} on the smallest model. Tests that ask for the same one share a start of the program. */
final class TinyReports {
    private final Map<List<String>, JsonNode> known = new HashMap<>();

    /** The report of a run with {@code options}. */
    JsonNode of(String... options) throws IOException, InterruptedException {
        @Nullable JsonNode report = known.get(List.of(options));
        if (report == null) {
            report = again(options);
            known.put(List.of(options), report);
        }
        return report;
    }

    /** The report of another run. */
    JsonNode again(String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("run", TINY, "--format", "json"));
        arguments.addAll(List.of(options));
        Outcome outcome = Program.in(Path.of("target")).run(arguments.toArray(String[]::new));
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return new ObjectMapper().readTree(outcome.out());
    }
}
