package dev.flopscope.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.PhaseAccount;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Of a model whose layers differ. Its passes themselves are held against closed forms where planted faults are. */
class ReconciliationTest {
    private static final PhaseAccount EXPECTED = Account.of(
                    SmallModels.ALTERNATING, List.of(Phase.prefill(2, 9)), Attention.full())
            .prefill();

    private static final MatmulSite NARROW = new MatmulSite(MatmulKind.FFN_UP, 1);
    private static final MatmulSite WIDE = new MatmulSite(MatmulKind.FFN_UP, 3);

    private final Map<MatmulSite, SiteCount> counts = new TreeMap<>();

    ReconciliationTest() {
        EXPECTED.sites()
                .forEach(site -> counts.put(
                        site.site(),
                        new SiteCount(site.form().shapes().stream()
                                .collect(Collectors.toMap(
                                        shape -> new MatmulShape(shape.m(), shape.k(), shape.n()),
                                        shape -> shape.calls())))));
    }

    private Reconciliation reconcile() {
        return Reconciliation.of(EXPECTED, counts, List.of());
    }

    @Test
    void layersThatDifferAgreeEachWithItsOwnForm() {
        assertThat(reconcile().disagreements()).isEmpty();
        assertThat(reconcile().countedFlops()).isEqualTo(EXPECTED.flops());
        assertThat(reconcile().countedCompulsoryBytes()).isEqualTo(EXPECTED.compulsoryBytes());
        assertThat(reconcile().checks()).isEqualTo(EXPECTED.sites().size());
    }

    /** F is 5 in one layer and 20 in the other. */
    @Test
    void layersThatAreMixedUpAreBothNamedThoughTheTotalIsRight() {
        SiteCount narrow = counts.get(NARROW);
        counts.put(NARROW, counts.get(WIDE));
        counts.put(WIDE, narrow);
        assertThat(reconcile().countedFlops()).isEqualTo(EXPECTED.flops());
        assertThat(reconcile().disagreements())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("layers.1.ffn_up: counted 7,920 FLOPs, expected 1,980, factor 4;"),
                        line -> assertThat(line)
                                .startsWith("layers.3.ffn_up: counted 1,980 FLOPs, expected 7,920, factor 0.25;"));
    }

    @Test
    void aGateWhereTheLayerHasNoneIsNamed() {
        MatmulSite gate = new MatmulSite(MatmulKind.FFN_GATE, 1);
        counts.put(gate, new SiteCount(Map.of(new MatmulShape(18, 11, 5), 1L)));
        assertThat(reconcile().disagreements())
                .containsExactly(
                        "layers.1.ffn_gate: counted 1,980 FLOPs, expected 0, a product that this model does not"
                                + " have; products: 1 of 18×11×5; expected none");
    }

    @Test
    void productsOfAnExpertThatTheModelLacksAreNamed() {
        counts.put(new MatmulSite(MatmulKind.FFN_UP, 1, 0), new SiteCount(Map.of(new MatmulShape(1, 1, 1), 1L)));
        assertThat(reconcile().disagreements())
                .singleElement()
                .asString()
                .startsWith("layers.1.experts.0.ffn_up: counted 2 FLOPs, expected 0");
    }

    @Test
    void aSizeThatDiffersIsNamedWithItsFactor() {
        Reconciliation sizes =
                Reconciliation.of(EXPECTED, counts, List.of(new SizeCheck("a", 6, 6), new SizeCheck("b", 9, 6)));
        assertThat(sizes.disagreements()).containsExactly("b: allocated 9, expected 6, factor 1.5");
        assertThat(sizes.agrees()).isFalse();
    }
}
