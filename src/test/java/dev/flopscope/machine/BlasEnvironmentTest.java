package dev.flopscope.machine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlasEnvironmentTest {
    @ParameterizedTest
    @ValueSource(strings = {"4,2", "abc", "-1", "1.5", "99999999999"})
    void aNumberOfThreadsThatNd4jCannotReadIsNamed(String threads) {
        assertThatThrownBy(() -> BlasSettings.requireReadable(Map.of("OMP_NUM_THREADS", threads)))
                .isInstanceOf(LinkageError.class)
                .hasMessageContaining("OMP_NUM_THREADS=" + threads);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "16"})
    void oneNumberIsFine(String threads) {
        assertThatCode(() -> BlasSettings.requireReadable(Map.of("OMP_NUM_THREADS", threads)))
                .doesNotThrowAnyException();
    }
}
