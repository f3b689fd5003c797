package dev.flopscope.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0 B",
                "1023 | 1,023 B",
                "1024 | 1 KiB",
                "39040 | 38.125 KiB",
                "761840640 | 726.548 MiB",
                "8508230400 | 7.924 GiB",
                "1623211769856 | 1.476 TiB"
            })
    void bytesAreInTheUnitThatSuitsTheirNumber(long bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void aValueHasAsManyDecimalsAsItsErrorAllows() {
        assertThat(Figures.withError(1.9634, 0.038)).isEqualTo("1.96 (standard error 0.04)");
        assertThat(Figures.withError(1.9634, 0.38)).isEqualTo("2.0 (standard error 0.4)");
        assertThat(Figures.withError(1.9634, 3)).isEqualTo("2 (standard error 3)");
        assertThat(Figures.withError(1, 0)).isEqualTo("1.000 (standard error 0.000)");
        assertThat(Figures.withError(1.0006, 0.00002)).isEqualTo("1.001 (standard error 0.000)");
    }
}
