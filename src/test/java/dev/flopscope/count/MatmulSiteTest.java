package dev.flopscope.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatmulSiteTest {
    @Test
    void sitesSortInTheOrderOfAPass() {
        List<MatmulSite> pass = new ArrayList<>();
        for (int layer = 0; layer < 12; layer++) {
            for (MatmulKind kind : MatmulKind.values()) {
                if (kind != MatmulKind.LM_HEAD) {
                    pass.add(new MatmulSite(kind, layer));
                }
            }
        }
        pass.add(MatmulSite.lmHead());
        List<MatmulSite> shuffled = new ArrayList<>(pass);
        Collections.shuffle(shuffled, new Random(1));

        Collections.sort(shuffled);

        assertThat(shuffled).isEqualTo(pass);
    }

    @Test
    void comparesEqualExactlyWhereItIsEqual() {
        MatmulSite site = new MatmulSite(MatmulKind.FFN_UP, 3);
        assertThat(site).isEqualByComparingTo(new MatmulSite(MatmulKind.FFN_UP, 3));
        assertThat(site).isNotEqualByComparingTo(new MatmulSite(MatmulKind.FFN_UP, 4));
        assertThat(site).isNotEqualByComparingTo(new MatmulSite(MatmulKind.FFN_DOWN, 3));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LM_HEAD")
    void aProductOfALayerNeedsALayer(MatmulKind kind) {
        assertThat(new MatmulSite(kind, 0).layer()).isZero();
        assertThatThrownBy(() -> new MatmulSite(kind, MatmulSite.NO_LAYER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such site: kind=" + kind.label() + ", layer=-1, expert=-1");
        assertThatThrownBy(() -> new MatmulSite(kind, Integer.MIN_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLmHeadIsOutsideTheLayers() {
        assertThat(MatmulSite.lmHead()).isEqualTo(new MatmulSite(MatmulKind.LM_HEAD, MatmulSite.NO_LAYER));
        assertThatThrownBy(() -> new MatmulSite(MatmulKind.LM_HEAD, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such site: kind=lm_head, layer=0, expert=-1");
        assertThatThrownBy(() -> new MatmulSite(MatmulKind.LM_HEAD, -2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void expertsOfALayerComeBeforeItsOtherProductsInTheOrderOfTheirNumbers() {
        List<MatmulSite> layer = List.of(
                new MatmulSite(MatmulKind.FFN_UP, 1, 0),
                new MatmulSite(MatmulKind.FFN_DOWN, 1, 0),
                new MatmulSite(MatmulKind.FFN_UP, 1, 1),
                new MatmulSite(MatmulKind.O_PROJ, 1),
                new MatmulSite(MatmulKind.FFN_UP, 2, 0));
        List<MatmulSite> shuffled = new ArrayList<>(layer);
        Collections.shuffle(shuffled, new Random(2));
        Collections.sort(shuffled);
        assertThat(shuffled).isEqualTo(layer);
        assertThat(layer.get(0)).isNotEqualTo(new MatmulSite(MatmulKind.FFN_UP, 1));
    }

    @Test
    void anExpertIsNumberedFromZeroOrThereIsNone() {
        assertThat(new MatmulSite(MatmulKind.FFN_UP, 1).expert()).isEqualTo(MatmulSite.NO_EXPERT);
        assertThatThrownBy(() -> new MatmulSite(MatmulKind.FFN_UP, 1, -2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such site: kind=ffn_up, layer=1, expert=-2");
    }

    @Test
    void printsAsReportsNameIt() {
        assertThat(new MatmulSite(MatmulKind.FFN_GATE, 7)).hasToString("layers.7.ffn_gate");
        assertThat(new MatmulSite(MatmulKind.FFN_GATE, 7, 3)).hasToString("layers.7.experts.3.ffn_gate");
        assertThat(MatmulSite.lmHead()).hasToString("lm_head");
    }

    @Test
    void kindsKeepTheirNamesAndOrder() {
        assertThat(Arrays.stream(MatmulKind.values()).map(MatmulKind::label))
                .containsExactly(
                        "q_down_proj",
                        "q_up_proj",
                        "q_proj",
                        "kv_down_proj",
                        "kv_up_proj",
                        "k_proj",
                        "v_proj",
                        "attn_scores",
                        "attn_values",
                        "o_proj",
                        "router",
                        "ffn_gate",
                        "ffn_up",
                        "ffn_down",
                        "shared_router",
                        "shared_gate",
                        "shared_up",
                        "shared_down",
                        "lm_head");
    }
}
