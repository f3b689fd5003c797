package dev.flopscope.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.SiteCount;
import dev.flopscope.profile.Hotspot.Bound;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DriftTest {
    /** 2·10·10·10 FLOPs at a ceiling of 1 GFLOP/s are 2,000 ns. */
    private static Hotspot lasting(long nanoseconds) {
        Products products = new Products(
                "q_proj", new SiteCount(Map.of(new MatmulShape(10, 10, 10), 1L)), new Samples(List.of(nanoseconds)));
        return new Hotspot(products, new TreeSet<>(), 1, 1, 1, Bound.COMPUTE);
    }

    @Test
    void aMachineAtHalfItsSpeedExplainsProductsThatTakeTwiceAsLong() {
        Drift drift = new Drift(200, List.of(100.0, 90.0, 110.0));
        assertThat(drift.factor()).isEqualTo(2);
        assertThat(drift.explains(List.of(lasting(4000)))).isCloseTo(1, within(1e-12));
        // Of 4,000 ns beyond, 2,000 are the machine's; what is faster than its ceiling has nothing to explain.
        assertThat(drift.explains(List.of(lasting(6000), lasting(1000)))).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void aMachineAsFastAsItsCeilingsExplainsNothing() {
        Drift drift = new Drift(105, List.of(100.0));
        assertThat(drift.explains(List.of(lasting(4000)))).isZero();
        assertThat(new Drift(200, List.of(100.0)).explains(List.of(lasting(2000))))
                .isZero();
    }

    @Test
    void ratesThatDifferByMoreThanATenthAreUneven() {
        assertThat(new Drift(100, List.of(100.0, 109.0)).isUneven()).isFalse();
        assertThat(new Drift(100, List.of(100.0, 111.0)).isUneven()).isTrue();
        assertThatThrownBy(() -> new Drift(100, List.of())).hasMessage("drift needs at least one rate");
    }
}
