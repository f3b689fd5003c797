package dev.flopscope.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The writer's names and shapes are those of the checkpoints that the reference library wrote. */
final class CheckpointLayoutTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static List<Path> fixtures() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("src/test/resources/fixtures"))) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void namesAndShapesAreThoseOfTheReference(Path fixture) throws IOException {
        JsonNode config = MAPPER.readTree(fixture.resolve("config.json").toFile());
        Map<String, List<Long>> published = new HashMap<>();
        try (Stream<Path> files = Files.list(fixture)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
                read(file, published);
            }
        }
        assertThat(CheckpointLayout.tensors(config)).containsExactlyInAnyOrderEntriesOf(published);
    }

    /** Old versions wrote a table of frequencies too, and GPT-2 without the prefix that all later ones give it. */
    private static void read(Path file, Map<String, List<Long>> tensors) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        JsonNode header = MAPPER.readTree(bytes.array(), Long.BYTES, Math.toIntExact(bytes.getLong(0)));
        header.properties().forEach(entry -> {
            String name = entry.getKey();
            if (name.equals("__metadata__") || name.endsWith(".rotary_emb.inv_freq")) {
                return;
            }
            List<Long> shape = new ArrayList<>();
            entry.getValue().get("shape").forEach(extent -> shape.add(extent.asLong()));
            tensors.put(name.matches("(h\\.|w[tp]e|ln_f).*") ? "transformer." + name : name, shape);
        });
    }
}
