package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.cli.InProcess.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run}. */
final class RunCommandTest {
    private static final TinyReports TINY_REPORTS = new TinyReports();

    @TempDir
    private Path folder = Path.of("");

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void theSeedDecidesThePredictionsWhateverTheThreads() throws Exception {
        JsonNode one = TINY_REPORTS.of("--seed 7 --threads 1").at("/next_token");
        assertThat(TINY_REPORTS.again("--seed 7 --threads 1").at("/next_token")).isEqualTo(one);
        assertThat(TINY_REPORTS.of("--seed 8 --threads 1").at("/next_token")).isNotEqualTo(one);
        assertThat(tokens(TINY_REPORTS.of("--seed 7 --threads 3").at("/next_token")))
                .isEqualTo(tokens(one));
    }

    private static List<Integer> tokens(JsonNode predictions) {
        return StreamSupport.stream(predictions.spliterator(), false)
                .map(prediction -> prediction.at("/token").asInt())
                .toList();
    }

    @Test
    void sharedWeightsCountTheSameInLessMemoryAndSaySo() throws Exception {
        JsonNode full = TINY_REPORTS.of("--seed 7 --threads 1");
        Outcome outcome = InProcess.in(folder)
                .run("run TINY --seed 7 --threads 1 --weights shared --format json --output ./shared.txt");
        assertThat(outcome.exitCode()).isZero();
        JsonNode shared = mapper.readTree(outcome.out());
        assertThat(shared.at("/phases/0/flops")).isEqualTo(full.at("/phases/0/flops"));
        assertThat(full.at("/parameters/allocated")).isEqualTo(full.at("/parameters/total"));
        assertThat(shared.at("/parameters/allocated").asLong())
                .isEqualTo(full.at("/parameters/total").asLong()
                        - full.at("/parameters/block").asLong());
        assertThat(Files.readString(folder.resolve("shared.txt"))).contains("SHARED");
    }

    @Test
    void everyAlgorithmOfAttentionAgreesAndPredictsTheSame() throws Exception {
        JsonNode full = TINY_REPORTS.of("--attention full");
        JsonNode tiled = TINY_REPORTS.of("--tile 5x3");
        JsonNode causal = TINY_REPORTS.of("--attention causal --tile 5x3");
        for (JsonNode json : List.of(full, tiled, causal)) {
            assertThat(json.at("/agrees").asBoolean()).isTrue();
            assertThat(tokens(json.at("/next_token"))).isEqualTo(tokens(full.at("/next_token")));
        }
        assertThat(tiled.at("/phases/0/flops")).isEqualTo(full.at("/phases/0/flops"));
        // 16 tokens in query tiles of 5, 5, 5, 1 see 2, 4, 5 and 6 key tiles of 3: 6, 12, 15 and 16 keys.
        long scores = 5 * 6 + 5 * 12 + 5 * 15 + 16;
        assertThat(causal.at("/phases/0/components/attention_products").asLong())
                .isEqualTo(2 * 2 * 2 * 4 * 4 * scores);
        assertThat(causal.at("/convention").asText()).contains("skips");
    }

    @Test
    void everyOutputIsWrittenInTheFormatOfItsEnding() throws Exception {
        Outcome outcome = InProcess.in(folder)
                .run(
                        "run TINY --context 24 --format md --output ./a.json --output ./a.csv --output ./a.txt --output ./a.md");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .isEqualTo(Files.readString(folder.resolve("a.md")))
                .contains("| q\\_proj |");
        assertThat(mapper.readTree(folder.resolve("a.json").toFile())
                        .at("/context")
                        .asInt())
                .isEqualTo(24);
        assertThat(Files.readAllLines(folder.resolve("a.csv")))
                .hasSize(11)
                .first()
                .asString()
                .startsWith("model,");
        String text = Files.readString(folder.resolve("a.txt"));
        assertThat(text)
                .contains("longer than the model's context_length of 16")
                .contains("AGREES");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(4);
        }
    }
}
