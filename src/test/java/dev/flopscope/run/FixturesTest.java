package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelSource;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.time.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiny checkpoints in published layouts, whose logits an independent implementation worked out in float64. */
class FixturesTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
    private static final double TOLERANCE = 1e-5;

    /** How one prompt is read. */
    private record Way(Attention attention, OptionalInt chunk, Engine engine, int threads) {}

    private static final List<Way> WAYS = List.of(
            new Way(Attention.full(), OptionalInt.empty(), Engine.ONEDNN, 2),
            new Way(new Attention(Algorithm.CAUSAL, 4, 4), OptionalInt.empty(), Engine.OPENBLAS, 1),
            new Way(new Attention(Algorithm.CAUSAL, 3, 5), OptionalInt.of(7), Engine.ONEDNN, 1),
            new Way(Attention.of(Algorithm.TILED), OptionalInt.of(1), Engine.ONEDNN, 1));

    /** Every folder of them, so that one that is added is tested. */
    static Stream<String> names() throws IOException {
        try (Stream<Path> all = Files.list(FIXTURES)) {
            return all
                    .filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void logitsAreThoseOfTheReferenceHoweverThePromptIsRead(String name) throws IOException {
        ModelSource source =
                new ModelCatalog().findSource(FIXTURES.resolve(name).toString());
        assertThat(source.warnings()).isEmpty();
        JsonNode expected = new ObjectMapper()
                .readTree(FIXTURES.resolve(name).resolve("expected.json").toFile());
        for (Way way : WAYS) {
            List<String> warnings = new ArrayList<>();
            Logits logits = new Measurer(ProgressListener.none(), Timeline.none(), warnings::add)
                    .logits(spec(source, expected, way));
            assertThat(warnings).isEmpty();
            assertThat(logits.measurement().phases().get(0).disagreements())
                    .as("%s, %s", name, way)
                    .isEmpty();
            assertLogits(logits, expected, name + ", " + way);
            if (expected.has("parameters")) {
                assertThat(logits.measurement().account().parameters().total())
                        .isEqualTo(logits.measurement().allocatedParameters())
                        .isEqualTo(expected.get("parameters").asLong());
            }
        }
    }

    private static RunSpec spec(ModelSource source, JsonNode expected, Way way) {
        List<Long> tokens = new ArrayList<>();
        expected.get("tokens").forEach(id -> tokens.add(id.asLong()));
        return new RunSpec(
                source.model(),
                1,
                OptionalInt.of(tokens.size()),
                way.chunk(),
                OptionalInt.empty(),
                LogitsRows.ALL,
                way.attention(),
                new Prompt.Ids(tokens, "test"),
                source.folder(),
                WeightsMode.FULL,
                0,
                way.engine(),
                way.threads());
    }

    private static void assertLogits(Logits logits, JsonNode expected, String where) {
        double[] last = doubles(expected.get("last"));
        double bound = TOLERANCE * Arrays.stream(last).map(Math::abs).max().orElseThrow();
        assertThat(logits.last()).hasSize(last.length);
        for (int id = 0; id < last.length; id++) {
            assertThat(Math.abs(logits.last().get(id) - last[id]))
                    .as("%s, logit %d", where, id)
                    .isLessThan(bound);
        }
        List<Integer> argmax = new ArrayList<>();
        expected.get("argmax").forEach(id -> argmax.add(id.asInt()));
        assertThat(logits.argmax()).as(where).isEqualTo(argmax);
        assertThat(Math.abs(logits.l2() - expected.get("l2").asDouble()))
                .as(where)
                .isLessThan(TOLERANCE * expected.get("l2").asDouble());
        assertThat(Math.abs(logits.sum() - expected.get("sum").asDouble()))
                .as(where)
                .isLessThan(TOLERANCE * expected.get("l2").asDouble());
        if (expected.has("tokens_per_expert")) {
            assertThat(logits.tokensPerExpert()).as(where).isEqualTo(tokensPerExpert(expected));
        }
    }

    private static List<List<Long>> tokensPerExpert(JsonNode expected) {
        List<List<Long>> experts = new ArrayList<>();
        expected.get("tokens_per_expert").forEach(layer -> {
            List<Long> rows = new ArrayList<>();
            layer.forEach(count -> rows.add(count.asLong()));
            experts.add(rows);
        });
        return experts;
    }

    private static double[] doubles(JsonNode list) {
        double[] values = new double[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).asDouble();
        }
        return values;
    }
}
