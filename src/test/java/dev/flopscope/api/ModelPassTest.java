package dev.flopscope.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class ModelPassTest {
    private static final String TINY = "src/test/resources/models/tiny.json";

    @Test
    void accountsOnPaper() {
        PassFlops account = ModelPass.of("gpt2-xl").account();

        assertThat(account.byKind()).containsEntry("lm_head", 2L * 1024 * 1600 * 50257);
        assertThat(account.flops()).isEqualTo(4_513_336_524_800L);
        assertThat(ModelPass.of("gpt2-xl").batch(3).account().flops()).isEqualTo(3 * 4_513_336_524_800L);
    }

    @Test
    void executesAndCounts() {
        CountedPass pass = ModelPass.of(TINY).batch(2).context(5).decode(3).run();

        assertThat(pass.agrees()).isTrue();
        assertThat(pass.disagreements()).isEmpty();
        assertThat(pass.counted()).isEqualTo(pass.expected());
        assertThat(pass.expected())
                .isEqualTo(ModelPass.of(TINY).batch(2).context(5).decode(3).account());
        assertThat(pass.seconds()).isPositive();
    }

    @Test
    void refusesWhatIsNoModelOrNoSize() {
        assertThatThrownBy(() -> ModelPass.of("no-such-model")).hasMessageContaining("no-such-model");
        assertThatThrownBy(() -> ModelPass.of(TINY).context(0).account()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void formulasAreExact() {
        assertThat(Expected.formula("2*rows*in*out", Map.of("rows", 3L, "in", 5L, "out", 7L)))
                .isEqualTo(new Expected(210, "2*rows*in*out where in=5, out=7, rows=3"));
        for (String wrong : List.of("2*", "rows/2", "0-rows", "columns", "rows^60")) {
            assertThatThrownBy(() -> Expected.formula(wrong, Map.of("rows", 3L)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("\"" + wrong + "\"");
        }
    }

    @Test
    void assertionsNameBothNumbers() {
        Runnable product = () -> Nd4j.ones(DataType.FLOAT, 3, 5).mmul(Nd4j.ones(DataType.FLOAT, 5, 7));

        FlopAssert.assertThatFlops(product)
                .areAllCounted()
                .areEqualTo(210)
                .areAtMost(210)
                .areEqualTo("2*m*k*n", Map.of("m", 3L, "k", 5L, "n", 7L));
        assertThatThrownBy(() ->
                        FlopAssert.assertThatFlops(product).areEqualTo("m*k*n", Map.of("m", 3L, "k", 5L, "n", 7L)))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(
                        "expected m*k*n where k=5, m=3, n=7 = 105 FLOPs, counted 210, 2.0 times as many\n")
                .hasMessageContaining("3×5·5×7");
        assertThatThrownBy(() -> FlopAssert.assertThatFlops(product).areAtMost(209))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("expected at most 209 FLOPs, counted 210");
    }
}
