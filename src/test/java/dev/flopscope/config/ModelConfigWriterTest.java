package dev.flopscope.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelConfigWriterTest {
    static Stream<ModelConfig> models() {
        return Stream.concat(
                ModelCatalog.SHIPPED.stream().map(TestModels::shipped),
                Stream.of(
                        SmallModels.PLAIN,
                        SmallModels.GROUPED,
                        SmallModels.MULTI_QUERY,
                        SmallModels.GELU,
                        SmallModels.ODD));
    }

    @ParameterizedTest
    @MethodSource("models")
    void whatIsWrittenIsReadAsTheSameModel(ModelConfig model) {
        String json = ModelConfigWriter.write(model).toString();
        assertThat(new ModelConfigReader().read(model.name(), "test", json)).isEqualTo(model);
    }

    /** Blocks that differ, a window, and a constant of one norm alone: none of them has a key. */
    static List<ModelConfig> modelsWithoutWords() {
        ModelConfig plain = SmallModels.PLAIN;
        return List.of(
                SmallModels.ALTERNATING,
                SmallModels.WINDOWED,
                new ModelConfig(
                        "head",
                        plain.embedding(),
                        plain.positions(),
                        plain.blocks(),
                        new HeadConfig(new NormConfig.Rms(0.5), false)));
    }

    @ParameterizedTest
    @MethodSource("modelsWithoutWords")
    void aModelThatTheDialectCannotExpressIsRefused(ModelConfig model) {
        assertThatThrownBy(() -> ModelConfigWriter.write(model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(model.name());
    }
}
