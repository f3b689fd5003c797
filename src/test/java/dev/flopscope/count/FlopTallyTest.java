package dev.flopscope.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class FlopTallyTest {
    private static final MatmulSite QUERIES = new MatmulSite(MatmulKind.Q_PROJ, 0);
    private static final MatmulSite KEYS = new MatmulSite(MatmulKind.K_PROJ, 1);
    private static final MatmulShape SMALL = new MatmulShape(2, 3, 5);
    private static final MatmulShape LARGE = new MatmulShape(3, 2, 5);

    private final FlopTally tally = new FlopTally();

    @Test
    void anUnusedTallyIsEmpty() {
        assertThat(tally.snapshot()).isEmpty();
    }

    @Test
    void callsAreKeptApartByShapeAndBySite() {
        tally.multiplied(QUERIES, SMALL, 1);
        tally.multiplied(KEYS, SMALL, 1);
        tally.multiplied(QUERIES, LARGE, 1);
        tally.multiplied(QUERIES, SMALL, 1);

        assertThat(tally.snapshot())
                .containsExactly(
                        Map.entry(QUERIES, new SiteCount(Map.of(SMALL, 2L, LARGE, 1L))),
                        Map.entry(KEYS, new SiteCount(Map.of(SMALL, 1L))));
    }

    @Test
    void readingTheTallyDoesNotChangeIt() {
        tally.multiplied(QUERIES, SMALL, 1);

        SortedMap<MatmulSite, SiteCount> first = tally.snapshot();
        first.clear();

        assertThat(tally.snapshot()).isEqualTo(tally.snapshot()).containsOnlyKeys(QUERIES);
        assertThat(tally.snapshot().get(QUERIES)).isEqualTo(new SiteCount(Map.of(SMALL, 1L)));
    }

    @Test
    void aSnapshotDoesNotGrowWithTheTally() {
        tally.multiplied(QUERIES, SMALL, 1);
        SortedMap<MatmulSite, SiteCount> before = tally.snapshot();

        tally.multiplied(QUERIES, SMALL, 1);
        tally.multiplied(KEYS, SMALL, 1);

        assertThat(before).containsExactly(Map.entry(QUERIES, new SiteCount(Map.of(SMALL, 1L))));
    }

    @Test
    void aSiteSumsItsShapes() {
        SiteCount count = new SiteCount(Map.of(SMALL, 2L, new MatmulShape(1, 1, 1), 3L));

        assertThat(count.calls()).isEqualTo(5);
        assertThat(count.flops()).isEqualTo(2 * 60 + 3 * 2);
        assertThat(count.compulsoryBytes()).isEqualTo(2 * 4 * 31 + 3 * 4 * 3);
        assertThat(count.describe()).isEqualTo("3 of 1×1×1, 2 of 2×3×5");
    }

    @Test
    void aSumOfShapesBeyondALongThrows() {
        MatmulShape huge = new MatmulShape(1L << 31, 1L << 30, 1);
        assertThatThrownBy(new SiteCount(Map.of(huge, 2L))::flops).isInstanceOf(ArithmeticException.class);
        MatmulShape other = new MatmulShape(1, 1L << 61, 1);
        assertThatThrownBy(new SiteCount(Map.of(huge, 1L, other, 1L))::flops).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void compulsoryTrafficBeyondALongThrows() {
        MatmulShape huge = new MatmulShape(1L << 30, 1L << 30, 1);
        assertThat(new SiteCount(Map.of(huge, 1L)).compulsoryBytes()).isPositive();
        assertThatThrownBy(new SiteCount(Map.of(huge, 2L))::compulsoryBytes).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void aSiteCountKeepsACopy() {
        Map<MatmulShape, Long> calls = new HashMap<>(Map.of(SMALL, 1L));
        SiteCount count = new SiteCount(calls);

        calls.put(LARGE, 1L);

        assertThat(count.calls()).isEqualTo(1);
    }
}
