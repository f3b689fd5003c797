package dev.flopscope.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCatalogTest {
    private static final String TINY = """
            {"vocab_size": 100, "context_length": 64, "num_layers": 2, "d_model": 32, "num_heads": 4, "d_ff": 128}""";

    private final ModelCatalog catalog = new ModelCatalog();

    @ParameterizedTest
    @CsvSource({
        "gpt2-small, 12, 768, 12, 3072",
        "gpt2-medium, 24, 1024, 16, 4096",
        "gpt2-large, 36, 1280, 20, 5120",
        "gpt2-xl, 48, 1600, 25, 6400",
    })
    void shippedModelsHaveThePublishedExtents(String name, int layers, int dModel, int heads, int dFf) {
        assertThat(ModelCatalog.SHIPPED).contains(name);
        assertThat(catalog.find(name))
                .isEqualTo(TestModels.builder(name)
                        .vocab(50_257)
                        .context(1024)
                        .layers(layers)
                        .dModel(dModel)
                        .heads(heads)
                        .headDim(64)
                        .dFf(dFf)
                        .swiglu()
                        .theta(10_000)
                        .eps(1e-5)
                        .build());
    }

    @Test
    void modelOfAFileIsCalledAfterTheFile(@TempDir Path folder) throws IOException {
        Path json = Files.writeString(folder.resolve("tiny.json"), TINY);
        Path other = Files.writeString(folder.resolve("tiny.txt"), TINY);

        assertThat(catalog.find(json.toString()).name()).isEqualTo("tiny");
        assertThat(catalog.find(json.toString()).dModel()).isEqualTo(32);
        assertThat(catalog.find(other.toString()).name()).isEqualTo("tiny.txt");
    }

    @Test
    void messageOfABadFileNamesTheFile(@TempDir Path folder) throws IOException {
        Path json = Files.writeString(folder.resolve("bad.json"), "{}");

        assertThatThrownBy(() -> catalog.find(json.toString()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(json + ": key \"vocab_size\" is missing");
    }

    @Test
    void fileThatIsNoTextIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("bytes.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThatThrownBy(() -> catalog.find(file.toString()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(file + ": is not UTF-8 text");
    }

    @Test
    void folderWithoutAConfigIsNoModelAndItsFormatIsNamed(@TempDir Path folder) throws IOException {
        String read = folder + ": has no config.json; a config.json with .safetensors files is what is read";
        assertThatThrownBy(() -> catalog.find(folder.toString()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(read);
        Files.createFile(folder.resolve("model.gguf"));
        assertThatThrownBy(() -> catalog.find(folder.toString()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(read + ", and model.gguf is a GGUF model of llama.cpp");
    }

    @ParameterizedTest
    @CsvSource({"gpt3", "GPT2-XL", "no/such/file.json", "'gpt2-xl '"})
    void nameThatIsNeitherShippedNorAFileIsUnknown(String name) {
        assertThatThrownBy(() -> catalog.find(name))
                .isInstanceOf(UnknownModelException.class)
                .hasMessage("unknown model '" + name
                        + "': not one of gpt2-small, gpt2-medium, gpt2-large, gpt2-xl, nor a file");
    }

    @Test
    void nameThatCanBeNoPathIsUnknown() {
        assertThatThrownBy(() -> catalog.find("a\0b")).isInstanceOf(UnknownModelException.class);
    }
}
