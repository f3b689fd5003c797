package dev.flopscope.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.SmallCeilings;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.profile.Hotspot.Bound;
import org.junit.jupiter.api.Test;

/**
 * Skinny products reach 10 GFLOP/s with 10 rows, the vector product of 1×1000×1000 reaches 1, at best 1.25: 2,000,000 FLOPs
 * and 4,008,000 bytes, so 2.004 GB/s. Memory moves 4 GB/s at best, compute is flat at 12.
 */
class LimitsTest {
    private static final MatmulShape VECTOR = new MatmulShape(1, 1000, 1000);
    private static final MatmulShape TWO_ROWS = new MatmulShape(2, 1000, 1000);
    private static final MatmulShape MANY_ROWS = new MatmulShape(30, 1000, 1000);

    private static Limits limits(Limit limit) {
        return new Limits(SmallCeilings.CEILINGS, limit);
    }

    @Test
    void aClassIsExpectedOfAllItsShapesWhateverTheirRows() {
        Limits limits = limits(Limit.SHAPE_CLASS);
        assertThat(limits.expected(TWO_ROWS)).isEqualTo(10);
        assertThat(limits.expected(MANY_ROWS)).isEqualTo(10);
        assertThat(limits.best(TWO_ROWS)).isEqualTo(10.5);
        assertThat(limits.expected(VECTOR)).isEqualTo(1);
    }

    /** 4,000,000 FLOPs and 4,016,000 bytes at 2.004 bytes a nanosecond. */
    @Test
    void fromMemoryNoProductIsExpectedToBeFasterThanItsBytes() {
        Limits limits = limits(Limit.MEMORY);
        assertThat(limits.expected(TWO_ROWS)).isCloseTo(4_000_000 / 4_016_000.0 * 2.004, within(1e-12));
        assertThat(limits.expected(VECTOR)).isCloseTo(1, within(1e-12));
        assertThat(limits.expected(MANY_ROWS)).isEqualTo(10);
    }

    @Test
    void fromMemoryTheRooflineIsWhatCannotBeExceeded() {
        Limits limits = limits(Limit.MEMORY);
        assertThat(limits.best(TWO_ROWS)).isCloseTo(4_000_000 / 4_016_000.0 * 4, within(1e-12));
        assertThat(limits.roofline(TWO_ROWS)).isEqualTo(limits.best(TWO_ROWS));
        assertThat(limits.best(MANY_ROWS)).isEqualTo(12);
    }

    @Test
    void fromTheCachesComputeAloneIsALimit() {
        Limits limits = limits(Limit.CACHES);
        for (MatmulShape shape : new MatmulShape[] {VECTOR, TWO_ROWS, MANY_ROWS}) {
            assertThat(limits.expected(shape)).isEqualTo(12);
            assertThat(limits.best(shape)).isEqualTo(12);
            assertThat(limits.roofline(shape)).isEqualTo(12);
        }
    }

    /** Compute and memory meet at 3 FLOPs a byte. */
    @Test
    void whatBindsIsToldByTheIntensityAndByWhereTheBytesComeFrom() {
        assertThat(limits(Limit.SHAPE_CLASS).bound(2.9)).isEqualTo(Bound.MEMORY);
        assertThat(limits(Limit.MEMORY).bound(2.9)).isEqualTo(Bound.MEMORY);
        assertThat(limits(Limit.CACHES).bound(2.9)).isEqualTo(Bound.CACHES);
        for (Limit limit : Limit.values()) {
            assertThat(limits(limit).bound(3)).isEqualTo(Bound.COMPUTE);
        }
    }
}
