package dev.flopscope.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schemas that ship say what the records say; {@code -Dschema.update=true} writes them anew. */
class SchemasTest {
    static Set<String> commands() {
        return Schemas.FILES.keySet();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void whatShipsIsWhatTheRecordsSay(String command) throws IOException {
        Path file = Path.of("src/main/resources/dev/flopscope/schema", command + ".json");
        if (Boolean.getBoolean("schema.update")) {
            Files.writeString(file, Schemas.of(command));
        }
        assertThat(file).hasContent(Schemas.of(command));
    }
}
