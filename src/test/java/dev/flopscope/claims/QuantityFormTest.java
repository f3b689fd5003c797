package dev.flopscope.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.config.Attention;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelCatalog;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.flops.Account;
import dev.flopscope.polynomial.Formula;
import dev.flopscope.terms.ModelFamily;
import dev.flopscope.terms.QuantityForm;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Polynomials recovered from accounts, against formulas worked out by hand. */
class QuantityFormTest {
    private static final List<String> LETTERS =
            List.of("B", "T", "G", "D", "H", "K", "d", "F", "V", "L", "E", "k", "C", "F_s");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt2-xl | total | 2*B*T*(L*(2*D*(H+K)*d + 2*T*H*d + 3*D*F) + D*V)",
                "gpt2-xl | block.feed_forward | 6*B*T*D*F",
                "gpt2-xl | total_per_token | 2*(L*(2*D*(H+K)*d + 2*T*H*d + 3*D*F) + D*V)",
                "gpt2-xl | parameters | L*(2*D*(H+K)*d + 3*D*F + 2*D) + D + 2*V*D",
                "gpt2-xl | kv_cache_bytes | 8*L*B*T*K*d",
                "gpt2-xl | kv_cache.gib | L*B*T*K*d/2^27",
                "src/test/resources/claims/plain-tied.json | parameters | L*(2*D*(H+K)*d + 2*D*F + 2*D) + D + V*D",
                "src/test/resources/fixtures/gpt2-tiny | parameters | V*D + C*D + L*(2*D*(H+K)*d + 2*D*F + 6*D + (H+2*K)*d + F) + 2*D",
                "src/test/resources/fixtures/mixtral-window-tiny | feed_forward | 2*B*T*L*(D*E + 3*k*D*F)",
                "src/test/resources/fixtures/mixtral-window-tiny | parameters | 2*V*D + L*(2*D*(H+K)*d + D*E + 3*E*D*F + 2*D) + D",
            })
    void quantityIsThePolynomialThatPaperGives(String model, String quantity, String formula) {
        assertThat(form(model, quantity, OptionalInt.empty()).total())
                .isEqualTo(Formula.parse(formula, LETTERS).polynomial().orElseThrow());
    }

    @Test
    void partsAreThoseOfThePass() {
        assertThat(form("gpt2-xl", "total", OptionalInt.empty()).parts())
                .containsOnlyKeys(
                        "q_proj",
                        "k_proj",
                        "v_proj",
                        "attn_scores",
                        "attn_values",
                        "o_proj",
                        "ffn_gate",
                        "ffn_up",
                        "ffn_down",
                        "lm_head");
    }

    @ParameterizedTest
    @ValueSource(strings = {"share.blocks", "growth.total@8", "width_exponent.total"})
    void quantityThatIsNoSumHasNoPolynomial(String name) {
        ModelFamily family = family("gpt2-xl", OptionalInt.empty());
        assertThat(QuantityForm.recover(Quantities.find(name).orElseThrow().evaluation(), family))
                .isEmpty();
    }

    private static QuantityForm form(String model, String quantity, OptionalInt decode) {
        return QuantityForm.recover(Quantities.find(quantity).orElseThrow().evaluation(), family(model, decode))
                .orElseThrow();
    }

    private static ModelFamily family(String name, OptionalInt decode) {
        ModelConfig model = new ModelCatalog().find(name);
        return ModelFamily.of(Account.of(
                        model, Phase.of(1, 8, OptionalInt.empty(), decode, LogitsRows.ALL), Attention.full()))
                .orElseThrow();
    }
}
