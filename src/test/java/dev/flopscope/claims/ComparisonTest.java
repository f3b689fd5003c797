package dev.flopscope.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.flops.Account;
import dev.flopscope.polynomial.Formula;
import dev.flopscope.polynomial.Polynomial;
import dev.flopscope.terms.Comparison;
import dev.flopscope.terms.ModelFamily;
import dev.flopscope.terms.QuantityForm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of formulas by comparing polynomials alone, without the list of known conventions. Expected by hand. */
class ComparisonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt2-xl | total | 2*T*L*(2*D*(H+K)*d + 3*D*F + 2*T*H*d) + 2*T*D*V | ?",
                "gpt2-xl | total | 2*T*L*(4*D^2 + 3*D*F + 2*T*D) + 2*T*D*V | ?",
                "gpt2-xl | total | L*(32*T*D^2+4*T^2*D)+2*T*D*V | ?",
                "gpt2-xl | total | L*(24*T*D^2+4*T^2*D)+2*T*D*V | ?",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T^2*D) | ?",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T^2*D)+T*D*V | ?",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T*D)+2*T*D*V | ?",
                "gpt2-xl | total | L*(8*T*D^2+6*T^2*D*F+4*T^2*D)+2*T*D*V | ?",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D^2+4*T^2*D)+2*T*D*V | ?",
                "gpt2-xl | total | L*(8*T*D*F+6*T*D*F+4*T^2*D)+2*T*D*V | ?",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+2*T^2*D)+2*T*D*V | ?",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T^2*D)+2*T*D*V*L | ?",
                "gpt2-xl | total | 8*T*D^2+6*T*D*F+4*T^2*D+2*T*D*V | ?",
                "gpt2-xl | total | L*(4*T*D^2+3*T*D*F+2*T^2*D)+T*D*V | ?",
                "gpt2-xl | total | L*(6*T*D^2+6*T*D*F+4*T^2*D)+2*T*D*V | ?",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T^2*D)+2*T*D*50257 | ?",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T*1024*D)+2*T*D*V | ?",
                "gpt2-xl | total | 2*N*T | ?",
                "gpt2-xl | block.attn_scores | 2*T^2*F | ?",
                "gpt2-xl | lm_head | 2*T*D*F | ?",
                "gpt2-xl | parameters | L*(4*D^2+3*D*F)+2*V*D | ?",
                "gpt2-xl | parameters | L*(4*D^2+3*D*F+2*D)+D+V*D | ?",
                "gpt2-xl | kv_cache_bytes | 2*L*T*D*2 | ?",
                "gpt2-xl | kv_cache_bytes | 8*L*T*K*(D/H) | ?",
            })
    void whatTellsPolynomialsApartIsSaid(String model, String quantity, String formula, String words) {
        Account account = ClaimsTesting.account(model, 1024);
        ModelFamily family = ModelFamily.of(account).orElseThrow();
        QuantityForm form = QuantityForm.recover(
                        Quantities.find(quantity).orElseThrow().evaluation(), family)
                .orElseThrow();
        Polynomial parameters = QuantityForm.recover(
                        Quantities.find("parameters").orElseThrow().evaluation(), family)
                .orElseThrow()
                .total();
        Polynomial claimed = Formula.parse(formula, Quantities.LETTERS)
                .polynomial()
                .orElseThrow()
                .with("N", parameters);
        Comparison comparison = Comparison.of(claimed, form, family.size());
        System.err.println("@@ " + model + " " + quantity + " = " + formula + "\n@@      "
                + comparison.equalAt().map(s -> "EQUAL[" + s.words() + "] ").orElse("") + comparison.words() + " cost "
                + comparison.nearness());
        assertThat(comparison.words()).isNotEqualTo("x");
    }
}
