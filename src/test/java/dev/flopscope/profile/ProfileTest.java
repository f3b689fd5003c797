package dev.flopscope.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.SmallCeilings;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.machine.Ceilings;
import dev.flopscope.machine.ShapeClass;
import dev.flopscope.profile.Hotspot.Bound;
import dev.flopscope.time.Operator;
import dev.flopscope.time.OperatorSite;
import dev.flopscope.time.Times;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Two layers with queries of 10×10×10 (2,000 FLOPs, 1,200 bytes) and scores of 10×1×10 (200 FLOPs, 480 bytes; twice a
 * layer), and an LM head of 1×10×100 (2,000 FLOPs, 4,440 bytes). Skinny products, the queries, reach 10 GFLOP/s, and
 * vectors, the others, 1; the roofline is flat at 12, and memory moves 4 bytes a nanosecond.
 */
class ProfileTest {
    private static final MatmulSite QUERIES_0 = new MatmulSite(MatmulKind.Q_PROJ, 0);
    private static final MatmulSite QUERIES_1 = new MatmulSite(MatmulKind.Q_PROJ, 1);
    private static final MatmulSite SCORES_0 = new MatmulSite(MatmulKind.ATTN_SCORES, 0);
    private static final MatmulSite SCORES_1 = new MatmulSite(MatmulKind.ATTN_SCORES, 1);

    private static final WarmUp NO_WARM_UP = Steadiness.within(0).verdict(List.of());

    private static final TreeMap<MatmulSite, SiteCount> COUNTS = new TreeMap<>(Map.of(
            QUERIES_0,
            new SiteCount(Map.of(new MatmulShape(10, 10, 10), 1L)),
            QUERIES_1,
            new SiteCount(Map.of(new MatmulShape(10, 10, 10), 1L)),
            SCORES_0,
            new SiteCount(Map.of(new MatmulShape(10, 1, 10), 2L)),
            SCORES_1,
            new SiteCount(Map.of(new MatmulShape(10, 1, 10), 2L)),
            MatmulSite.lmHead(),
            new SiteCount(Map.of(new MatmulShape(1, 10, 100), 1L))));

    private static final Ceilings CEILINGS = SmallCeilings.CEILINGS;

    /** Times of q0, s0, q1, s1, lm_head and a norm in layer 1; 7 ns wait, the rest of the wall time has no name. */
    private static Repetition repetition(long wall, long q0, long s0, long q1, long s1, long head, long norm) {
        return new Repetition(
                new Times(
                        new TreeMap<>(Map.of(
                                QUERIES_0, q0, SCORES_0, s0, QUERIES_1, q1, SCORES_1, s1, MatmulSite.lmHead(), head)),
                        new TreeMap<>(Map.of(
                                new OperatorSite(Operator.EMBEDDING, MatmulSite.NO_LAYER), 3L,
                                new OperatorSite(Operator.NORM, 1), norm,
                                new OperatorSite(Operator.NORM, MatmulSite.NO_LAYER), 5L)),
                        7),
                List.of(wall),
                1_000_000);
    }

    private final Profile profile = new Profile(
            COUNTS,
            List.of(
                    repetition(5000, 200, 500, 240, 700, 2000, 50),
                    repetition(6000, 300, 480, 260, 620, 2100, 60),
                    repetition(4000, 250, 520, 100, 600, 1900, 40)),
            NO_WARM_UP,
            CEILINGS,
            Limit.SHAPE_CLASS);

    @Test
    void aKindSumsItsSitesInEachRepetitionBeforeTheMedianIsTaken() {
        Products queries = profile.by(Grouping.KIND).get(0);
        assertThat(queries.name()).isEqualTo("q_proj");
        // 200+240, 300+260, 250+100; the sum of the medians would be 250+240.
        assertThat(queries.time().nanoseconds()).containsExactly(440L, 560L, 350L);
        assertThat(queries.time().median()).isEqualTo(440);
        assertThat(queries.calls()).isEqualTo(2);
        assertThat(queries.flops()).isEqualTo(4000);
        assertThat(queries.compulsoryBytes()).isEqualTo(2 * (100 + 100 + 100) * 4);
        assertThat(queries.gflopsPerSecond()).isEqualTo(4000 / 440.0);
    }

    @Test
    void groupsAreInTheOrderOfThePassAndTheirFlopsAddUp() {
        assertThat(profile.by(Grouping.KIND))
                .extracting(Products::name)
                .containsExactly("q_proj", "attn_scores", "lm_head");
        assertThat(profile.by(Grouping.LAYER))
                .extracting(Products::name)
                .containsExactly("layers.0", "layers.1", "lm_head");
        assertThat(profile.by(Grouping.SITE))
                .extracting(Products::name)
                .containsExactly(
                        "layers.0.q_proj",
                        "layers.0.attn_scores",
                        "layers.1.q_proj",
                        "layers.1.attn_scores",
                        "lm_head");
        for (Grouping grouping : Grouping.values()) {
            assertThat(profile.by(grouping).stream().mapToLong(Products::flops).sum())
                    .isEqualTo(2 * 2000 + 4 * 200 + 2000)
                    .isEqualTo(profile.products().flops());
        }
        assertThat(profile.products().time().nanoseconds()).containsExactly(3640L, 3760L, 3370L);
    }

    @Test
    void bytesAndIntensityAreThoseOfEachOperandAndTheResultOnce() {
        Products head = profile.site(MatmulSite.lmHead());
        assertThat(head.compulsoryBytes()).isEqualTo((10 + 1000 + 100) * 4);
        assertThat(head.intensity()).isEqualTo(2000 / 4440.0);
        assertThat(profile.site(SCORES_0).compulsoryBytes()).isEqualTo(2 * (10 + 10 + 100) * 4);
    }

    @Test
    void excessIsTheTimeBeyondTheCeilingAndRanksHotspots() {
        List<Hotspot> ranked = profile.ranked(Grouping.KIND);
        assertThat(ranked)
                .extracting(spot -> spot.products().name())
                .containsExactly("attn_scores", "q_proj", "lm_head");
        // Scores: medians of 1200, 1100, 1120 less 800 FLOPs at 1 a nanosecond.
        assertThat(ranked.get(0).excessSeconds()).isCloseTo(320e-9, within(1e-15));
        // Queries: 440 less 4000 at 10.
        assertThat(ranked.get(1).excessSeconds()).isCloseTo(40e-9, within(1e-15));
        // LM head: 2000 less 2000 at 1.
        assertThat(ranked.get(2).excessSeconds()).isCloseTo(0, within(1e-15));
    }

    @Test
    void equalExcessKeepsTheOrderOfThePass() {
        Profile even = new Profile(
                COUNTS,
                List.of(repetition(5000, 300, 500, 300, 500, 2100, 50)),
                NO_WARM_UP,
                CEILINGS,
                Limit.SHAPE_CLASS);
        assertThat(even.ranked(Grouping.SITE))
                .extracting(spot -> spot.products().name())
                .containsExactly(
                        "layers.0.q_proj",
                        "layers.0.attn_scores",
                        "layers.1.q_proj",
                        "layers.1.attn_scores",
                        "lm_head");
    }

    @Test
    void aLayerOfTwoClassesHasTheCeilingOfTheTimeThatBothNeed() {
        Hotspot layer = profile.hotspots(Grouping.LAYER).get(0);
        // 2000 FLOPs at 10 and 400 at 1 take 200 + 400.
        assertThat(layer.ceilingGflopsPerSecond()).isCloseTo(2400 / 600.0, within(1e-12));
        assertThat(layer.bestCeilingGflopsPerSecond()).isCloseTo(2400 / (2000 / 10.5 + 400 / 1.25), within(1e-12));
        assertThat(layer.shapeClasses()).containsExactly(ShapeClass.SKINNY, ShapeClass.VECTOR);
        // Queries have 2000/1200 FLOPs a byte, so 6.67 GFLOP/s; scores 200/480, so 1.67.
        assertThat(layer.rooflineGflopsPerSecond())
                .isCloseTo(2400 / (2000 / (4 * 2000 / 1200.0) + 400 / (4 * 200 / 480.0)), within(1e-12));
    }

    @Test
    void theRooflineSaysWhatBindsAndWhatPartOfItIsReached() {
        Hotspot head = profile.hotspots(Grouping.KIND).get(2);
        assertThat(head.bound()).isEqualTo(Bound.MEMORY);
        assertThat(head.rooflineGflopsPerSecond()).isCloseTo(4 * 2000 / 4440.0, within(1e-12));
        assertThat(head.rooflineShare()).isCloseTo(1 / (4 * 2000 / 4440.0), within(1e-12));
        Products wide = new Products(
                "wide", new SiteCount(Map.of(new MatmulShape(100, 100, 100), 1L)), new Samples(List.of(1L)));
        assertThat(Hotspot.of(wide, new Limits(CEILINGS, Limit.SHAPE_CLASS)).bound())
                .isEqualTo(Bound.COMPUTE);
        assertThat(Hotspot.of(wide, new Limits(CEILINGS, Limit.SHAPE_CLASS)).rooflineGflopsPerSecond())
                .isCloseTo(12, within(1e-12));
    }

    /** Queries of 4,000 FLOPs: 400 ns is the ceiling, 380.95 its best; below that something is wrong. */
    @Test
    void onlyARateAboveTheBestOfItsCeilingIsAnError() {
        assertThat(queriesTaking(401).aboveCeiling()).isFalse();
        assertThat(queriesTaking(390).aboveCeiling()).isFalse();
        assertThat(queriesTaking(390).excessSeconds()).isCloseTo(-10e-9, within(1e-15));
        assertThat(queriesTaking(380).aboveCeiling()).isTrue();
    }

    private static Hotspot queriesTaking(long nanoseconds) {
        Profile fast = new Profile(
                COUNTS,
                List.of(repetition(9000, nanoseconds, 500, 0, 500, 2100, 50)),
                NO_WARM_UP,
                CEILINGS,
                Limit.SHAPE_CLASS);
        return fast.hotspots(Grouping.KIND).get(0);
    }

    @Test
    void productsWithoutTimeHaveNoRate() {
        Profile still = new Profile(
                COUNTS, List.of(repetition(100, 0, 0, 0, 0, 0, 0)), NO_WARM_UP, CEILINGS, Limit.SHAPE_CLASS);
        assertThat(still.hotspots(Grouping.SITE)).allSatisfy(spot -> {
            assertThat(spot.products().gflopsPerSecond()).isZero();
            assertThat(spot.aboveCeiling()).isFalse();
            assertThat(spot.rooflineShare()).isZero();
        });
    }

    @Test
    void whatIsNotAProductIsNamedAndTheRestIsUnexplained() {
        assertThat(profile.wall().median()).isEqualTo(5000);
        assertThat(profile.operator(Operator.NORM).nanoseconds()).containsExactly(55L, 65L, 45L);
        assertThat(profile.operator(Operator.ROTARY).median()).isZero();
        assertThat(profile.waiting().median()).isEqualTo(7);
        assertThat(profile.garbageCollection().median()).isEqualTo(1_000_000);
        assertThat(profile.unexplained().nanoseconds())
                .containsExactly(5000L - 3640 - 58 - 7, 6000L - 3760 - 68 - 7, 4000L - 3370 - 48 - 7);
        assertThat(profile.typical().otherNanoseconds()).isEqualTo(5000 - 3640);
    }

    @Test
    void theBreakdownIsOfTheTypicalPassAndAddsUpToTheNanosecond() {
        BreakdownNode pass = profile.breakdown("pass");
        assertThat(pass)
                .isEqualTo(new BreakdownNode(
                        "pass",
                        5000,
                        6800,
                        List.of(
                                BreakdownNode.leaf("embedding", 3, 0),
                                new BreakdownNode(
                                        "layers.0",
                                        700,
                                        2400,
                                        List.of(
                                                BreakdownNode.leaf("q_proj", 200, 2000),
                                                BreakdownNode.leaf("attn_scores", 500, 400))),
                                new BreakdownNode(
                                        "layers.1",
                                        990,
                                        2400,
                                        List.of(
                                                BreakdownNode.leaf("q_proj", 240, 2000),
                                                BreakdownNode.leaf("attn_scores", 700, 400),
                                                BreakdownNode.leaf("norm", 50, 0))),
                                BreakdownNode.leaf("lm_head", 2000, 2000),
                                BreakdownNode.leaf("norm", 5, 0),
                                BreakdownNode.leaf("waiting", 7, 0),
                                BreakdownNode.leaf("unexplained", 1295, 0))));
    }

    @Test
    void layersTakenTogetherKeepTheirPlaceAndTheSum() {
        BreakdownNode pass = profile.breakdownOfOneLayer("pass");
        assertThat(pass.nanoseconds()).isEqualTo(5000);
        assertThat(pass.flops()).isEqualTo(6800);
        assertThat(pass.parts())
                .extracting(BreakdownNode::name)
                .containsExactly("embedding", "2 layers", "lm_head", "norm", "waiting", "unexplained");
        assertThat(pass.parts().get(1))
                .isEqualTo(new BreakdownNode(
                        "2 layers",
                        1690,
                        4800,
                        List.of(
                                BreakdownNode.leaf("q_proj", 440, 4000),
                                BreakdownNode.leaf("attn_scores", 1200, 800),
                                BreakdownNode.leaf("norm", 50, 0))));
    }

    @Test
    void sharesOfTimeAreOfTheSumOfAllMediansSoThatTheyAddUp() {
        double products = profile.by(Grouping.KIND).stream()
                .mapToDouble(profile::shareOfTime)
                .sum();
        assertThat(products + profile.shareOfTimeBetween()).isCloseTo(1, within(1e-12));
        Products scores = profile.site(SCORES_0);
        Products queries = profile.site(QUERIES_0);
        assertThat(profile.shareOfTime(scores) / profile.shareOfTime(queries))
                .isCloseTo(scores.time().median() / queries.time().median(), within(1e-12));
        assertThat(profile.shareOfFlops(scores)).isEqualTo(400 / 6800.0);
        assertThat(profile.operatorsOf(1).nanoseconds()).containsExactly(50L, 60L, 40L);
    }

    @Test
    void aNodeThatDoesNotAddUpIsRefused() {
        List<BreakdownNode> parts = List.of(BreakdownNode.leaf("a", 1, 2), BreakdownNode.leaf("b", 3, 4));
        assertThatThrownBy(() -> new BreakdownNode("sum", 5, 6, parts)).hasMessageContaining("4 of 5 ns");
        assertThatThrownBy(() -> new BreakdownNode("sum", 4, 7, parts)).hasMessageContaining("6 of 7 FLOPs");
    }

    @Test
    void theTypicalRepetitionIsTheNearestToTheMedianAndTheEarlierOfTwo() {
        Repetition slow = repetition(4000, 0, 0, 0, 0, 0, 0);
        Repetition fast = repetition(1000, 0, 0, 0, 0, 0, 0);
        Repetition middle = repetition(2000, 0, 0, 0, 0, 0, 0);
        Repetition other = repetition(3000, 1, 0, 0, 0, 0, 0);
        assertThat(Profile.typical(List.of(slow, fast, middle))).isSameAs(middle);
        assertThat(Profile.typical(List.of(slow, fast))).isSameAs(slow);
        assertThat(Profile.typical(List.of(slow, other, fast, middle))).isSameAs(other);
    }

    @Test
    void expertsAreTogetherInTheirLayerAndApartInTheBreakdown() {
        MatmulSite first = new MatmulSite(MatmulKind.FFN_UP, 3, 0);
        MatmulSite second = new MatmulSite(MatmulKind.FFN_UP, 3, 1);
        SiteCount count = new SiteCount(Map.of(new MatmulShape(1, 2, 3), 1L));
        Times times = new Times(new TreeMap<>(Map.of(first, 5L, second, 7L)), new TreeMap<>(), 0);
        Profile experts = new Profile(
                new TreeMap<>(Map.of(first, count, second, count)),
                List.of(new Repetition(times, List.of(4L, 8L), 0)),
                NO_WARM_UP,
                CEILINGS,
                Limit.SHAPE_CLASS);
        assertThat(experts.by(Grouping.LAYER)).extracting(Products::name).containsExactly("layers.3");
        assertThat(experts.by(Grouping.SITE))
                .extracting(Products::name)
                .containsExactly("layers.3.experts.0.ffn_up", "layers.3.experts.1.ffn_up");
        assertThat(experts.breakdown("tokens").parts().get(0).parts())
                .containsExactly(
                        BreakdownNode.leaf("experts.0.ffn_up", 5, 12), BreakdownNode.leaf("experts.1.ffn_up", 7, 12));
    }

    @Test
    void aProfileOfNothingIsRefused() {
        assertThatThrownBy(() -> new Profile(COUNTS, List.of(), NO_WARM_UP, CEILINGS, Limit.SHAPE_CLASS))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
