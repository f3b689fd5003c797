package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.cli.InProcess.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reports of {@code run} on the smallest model. Tests that ask for the same one share a run. */
final class TinyReports {
    private final Map<String, JsonNode> known = new HashMap<>();

    /** The report of a run with {@code options}. */
    JsonNode of(String options) throws IOException {
        @Nullable JsonNode report = known.get(options);
        if (report == null) {
            report = again(options);
            known.put(options, report);
        }
        return report;
    }

    /** The report of another run. */
    JsonNode again(String options) throws IOException {
        Outcome outcome = InProcess.in(Path.of("target")).run("run TINY --format json " + options);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return new ObjectMapper().readTree(outcome.out());
    }
}
