package dev.flopscope.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.nd4j.ArrayShape;
import dev.flopscope.nd4j.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlopLedgerTest {
    private final FlopLedger ledger = new FlopLedger();

    private static Operation product(long m, long k, long n) {
        return new Operation(
                "matmul",
                List.of(ArrayShape.of(m, k), ArrayShape.of(k, n)),
                List.of(ArrayShape.of(m, n)),
                List.of(0L, 0L));
    }

    /** A program whose arrays grow at every step, as a cache of keys does. */
    @Test
    void shapesAreToldApartUpToALimitAndAllOfThemCounted() {
        long steps = 12_000;
        for (long step = 1; step <= steps; step++) {
            ledger.executed(product(1, 8, step), "", 1);
        }
        RegionCount counted = ledger.snapshot();

        assertThat(counted.flops()).isEqualTo(2 * 8 * (steps * (steps + 1) / 2));
        assertThat(counted.calls()).isEqualTo(steps);
        assertThat(counted.operations()).hasSize(10_001);
        assertThat(counted.operations())
                .filteredOn(operation -> operation.shape().equals("other shapes"))
                .singleElement()
                .satisfies(others -> assertThat(others.calls()).isEqualTo(2_000));
    }

    @Test
    void sumsBeyondTheRangeOfALongAreUncountedAndNeverWrong() {
        for (int call = 0; call < 3; call++) {
            ledger.executed(product(1L << 20, 1L << 20, 1L << 21), "", 1);
        }
        RegionCount counted = ledger.snapshot();

        assertThat(counted.flops()).isZero();
        assertThat(counted.uncounted()).singleElement().satisfies(operation -> {
            assertThat(operation.calls()).isEqualTo(3);
            assertThat(operation.why()).isEqualTo("more than 2⁶³−1 FLOPs");
        });
    }

    @Test
    void aProductBeyondTheRangeOfALongIsUncounted() {
        ledger.executed(product(1L << 31, 1L << 31, 1L << 31), "", 1);

        assertThat(ledger.snapshot().uncounted())
                .singleElement()
                .satisfies(operation -> assertThat(operation.why()).startsWith("its formula fails"));
    }

    @Test
    void operationsWithoutAProductAreNotAskedFor() {
        assertThat(ledger.wants("softmax")).isFalse();
        assertThat(ledger.wants("reduce.sum")).isFalse();
        assertThat(ledger.wants("matmul")).isTrue();
        assertThat(ledger.wants("svd")).isTrue();
        assertThat(ledger.wants("aggregate.ops_skipgram")).isTrue();
    }

    @Test
    void nameScopesAreRegions() {
        ledger.executed(product(3, 5, 7), "encoder/attention", 1);

        assertThat(ledger.snapshot().region("encoder").region("attention").flops())
                .isEqualTo(2 * 3 * 5 * 7);
    }
}
