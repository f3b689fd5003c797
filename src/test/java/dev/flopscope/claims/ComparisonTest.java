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
                "gpt2-xl | total | 2*T*L*(2*D*(H+K)*d + 3*D*F + 2*T*H*d) + 2*T*D*V | -",
                "gpt2-xl | total | 2*T*L*(4*D^2 + 3*D*F + 2*T*D) + 2*T*D*V | -",
                "gpt2-xl | total | L*(32*T*D^2+4*T^2*D)+2*T*D*V | -",
                "gpt2-xl | total | L*(24*T*D^2+4*T^2*D)+2*T*D*V | one of ffn_gate, ffn_up, ffn_down is missing, 8·T·L·D² (where H = K, D = H·d, F = 4·D)",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T^2*D) | lm_head is missing, 2·T·D·V",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T^2*D)+T*D*V | lm_head is halved: T·D·V where 2·T·D·V belongs",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T*D)+2*T*D*V | attn_scores and attn_values lack the factor T",
                "gpt2-xl | total | L*(8*T*D^2+6*T^2*D*F+4*T^2*D)+2*T*D*V | ffn_gate, ffn_up and ffn_down have a factor T too many",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D^2+4*T^2*D)+2*T*D*V | D stands where F belongs",
                "gpt2-xl | total | L*(8*T*D*F+6*T*D*F+4*T^2*D)+2*T*D*V | q_proj, k_proj, v_proj and o_proj have F where D belongs",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+2*T^2*D)+2*T*D*V | one of attn_scores, attn_values is missing, 2·T²·L·D",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T^2*D)+2*T*D*V*L | lm_head has a factor L too many",
                "gpt2-xl | total | 8*T*D^2+6*T*D*F+4*T^2*D+2*T*D*V | ffn_up and ffn_down lack the factor L",
                "gpt2-xl | total | L*(4*T*D^2+3*T*D*F+2*T^2*D)+T*D*V | every term is halved",
                "gpt2-xl | total | L*(6*T*D^2+6*T*D*F+4*T^2*D)+2*T*D*V | one of q_proj, k_proj, v_proj, o_proj is missing, 2·T·L·D²",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T^2*D)+2*T*D*50257 | -",
                "gpt2-xl | total | L*(8*T*D^2+6*T*D*F+4*T*1024*D)+2*T*D*V | T has degree 1 where 2 belongs",
                "gpt2-xl | total | 2*N*T | attn_scores, attn_values): T has degree 1 where 2 belongs",
                "gpt2-xl | block.attn_scores | 2*T^2*F | it has F where D belongs",
                "gpt2-xl | lm_head | 2*T*D*F | it has F where V belongs",
                "gpt2-xl | parameters | L*(4*D^2+3*D*F)+2*V*D | final_norm and norms are missing, 2·L·D + D",
                "gpt2-xl | parameters | L*(4*D^2+3*D*F+2*D)+D+V*D | one of lm_head, embedding is missing, D·V",
                "gpt2-xl | kv_cache_bytes | 2*L*T*D*2 | it is halved: 4·T·L·D where 8·T·L·D belongs",
                "gpt2-xl | kv_cache_bytes | 8*L*T*K*(D/H) | -",
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
        assertThat(comparison.holds()).isEqualTo(words.equals("-"));
        assertThat(comparison.words()).contains(words.equals("-") ? "" : words);
    }
}
