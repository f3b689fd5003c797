package dev.flopscope.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatmulShapeTest {
    @Test
    void aProductIsTwoFlopsForEachCellOfTheBoxItSpans() {
        for (int m = 0; m <= 5; m++) {
            for (int k = 0; k <= 5; k++) {
                for (int n = 0; n <= 5; n++) {
                    assertThat(new MatmulShape(m, k, n).flops()).isEqualTo(countOneByOne(m, k, n));
                }
            }
        }
    }

    private static long countOneByOne(int m, int k, int n) {
        long flops = 0;
        for (int row = 0; row < m; row++) {
            for (int column = 0; column < n; column++) {
                for (int inner = 0; inner < k; inner++) {
                    flops++; // the multiply
                    flops++; // the add
                }
            }
        }
        return flops;
    }

    @ParameterizedTest
    @CsvSource({"2147483648, 2147483648, 2", "4611686018427387904, 1, 1", "1, 9223372036854775807, 2"})
    void aCountBeyondALongThrows(long m, long k, long n) {
        assertThatThrownBy(new MatmulShape(m, k, n)::flops).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void theLargestCountsAreExact() {
        assertThat(new MatmulShape(1L << 31, 1L << 30, 1).flops()).isEqualTo(1L << 62);
        assertThat(new MatmulShape(4611686018427387903L, 1, 1).flops()).isEqualTo(9223372036854775806L);
    }

    @Test
    void compulsoryTrafficIsEachOperandReadOnceAndTheResultWrittenOnce() {
        assertThat(new MatmulShape(2, 3, 5).compulsoryBytes()).isEqualTo(4 * (2 * 3 + 3 * 5 + 2 * 5));
        assertThat(new MatmulShape(0, 3, 5).compulsoryBytes()).isEqualTo(4 * 15);
        assertThatThrownBy(new MatmulShape(1L << 31, 1L << 31, 1)::compulsoryBytes)
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(new MatmulShape(1, 1L << 61, 1)::compulsoryBytes).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void printsItsExtentsInTheOrderOfTheProduct() {
        assertThat(new MatmulShape(1024, 64, 7)).hasToString("1024×64×7");
    }
}
