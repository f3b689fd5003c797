package dev.flopscope.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.claims.ClaimVerdict.Agreement;
import dev.flopscope.config.BadDataException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsCheckerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt2-xl | block.attn_scores | 4*T*T*D | both products of attention counted in one",
                "gpt2-xl | block.attn_values | 4*T*T*D | both products of attention counted in one",
                "gpt2-xl | block.feed_forward | 4*T*D*F | two feed-forward products counted, where the model has three",
                "gpt2-xl | total | 3506703564800 | two feed-forward products counted, where the model has three",
                "gpt2-xl | parameters.block.feed_forward | 2*D*F | two feed-forward products counted, where the model has three",
                "tied-gelu | block.feed_forward | 6*T*D*F | three feed-forward products counted, where the model has two",
                "tied-gelu | parameters.block.feed_forward | 3*D*F | three feed-forward products counted, where the model has two",
                "gpt2-xl | lm_head | T*D*V | a multiply-add counted as 1",
                "gpt2-xl | lm_head | 6*T*D*V | backward pass counted too (three times the forward pass)",
                "gpt2-xl | block.attn_scores | T*(T+1)*D | only the causal triangle counted, T(T+1)/2 scores for T²",
                "tied-gelu | total | 272339828736 | only the causal triangle counted, T(T+1)/2 scores for T²",
                "gpt2-xl | attention_products | 2*L*T^2*D | attention products halved for causality, or one of attention's two products left out, or a multiply-add counted as 1",
                "gpt2-xl | block | 8*T*D^2+6*T*D*F | attention products left out",
                "gpt2-xl | parameters | 2127057600-V*D | embedding and LM head counted once, as if tied, or embedding's parameters left out",
                "gpt2-xl | weights.bytes | 4*(2127057600-V*D) | embedding and LM head counted once, as if tied, or embedding's parameters left out",
                "tied-gelu | parameters.lm_head | V*D | off, the actual number is 0: embedding and LM head counted twice, though they are tied",
                "gpt2-xl | weights.gib | 8.5082304 | GB given for GiB",
                "gpt2-xl | block.ffn_gate_up | 2*T*D*F | two feed-forward products counted, where the model has three, or a multiply-add counted as 1",
                "gpt2-xl | lm_head | 5*T*D*V | off by factor 2.5: it is counted 5/2 times: 5·T·D·V where 2·T·D·V belongs",
            })
    void conventionThatGivesTheClaimedNumberIsFound(String model, String quantity, String claimed, String explanation) {
        ClaimVerdict verdict = ClaimsTesting.judge(model, quantity, claimed, "exact");

        assertThat(verdict.verdict()).isEqualTo(Verdict.OFF);
        assertThat(verdict.describe()).endsWith(explanation);
    }

    @Test
    void tiedMatrixCountedTwiceIsFound() {
        ClaimVerdict verdict = ClaimsTesting.judge("tied-gelu", "parameters", "2*V*D+L*(4*D^2+2*D*F+2*D)+D", "exact");

        assertThat(verdict.explanations()).containsExactly("embedding and LM head counted twice, though they are tied");
    }

    @Test
    void sharesAndUnitsAreHeldAgainstConventionsAtTheirDigits() {
        assertThat(ClaimsTesting.judge("gpt2-xl", "weights.gb", "7.92", "3 digits")
                        .describe())
                .isEqualTo("off by factor 0.93086: GiB given for GB");
        assertThat(ClaimsTesting.judge("gpt2-xl", "share.blocks", "96.48", "4 digits")
                        .explanations())
                .containsExactly("both products of attention counted in one");
    }

    @Test
    void oneUnitOfTheLastDigitIsNamedOnlyWhereNothingElseExplains() {
        assertThat(ClaimsTesting.judge("gpt2-xl", "weights.gib", "7.91", "3 digits")
                        .describe())
                .isEqualTo("off by factor 0.99824: one unit off in the last digit");
        assertThat(ClaimsTesting.judge("gpt2-xl", "weights.gib", "7.90", "3 digits")
                        .describe())
                .isEqualTo("off by factor 0.99698, and no known convention gives it");
    }

    @Test
    void differenceTooSmallForAFactorIsGivenAsItIs() {
        assertThat(ClaimsTesting.judge("gpt2-xl", "total", "4513336524801", "exact")
                        .describe())
                .isEqualTo("off by 1, and no known convention gives it");
    }

    @Test
    void claimCutOffWhereTheNextDigitIsNoFiveGetsNoExcuse() {
        assertThat(ClaimsTesting.judge("gpt2-xl", "weights.gib", "7.9", "3 digits")
                        .verdict())
                .isEqualTo(Verdict.OFF);
        assertThat(ClaimsTesting.judge("gpt2-xl", "weights.gb", "8.50", "3 digits")
                        .describe())
                .isEqualTo("cut off rather than rounded: to 3 digits it is 8.51, to 4 digits 8.508");
    }

    @Test
    void partsAreAddedAsClaimed() {
        assertThat(parts("10", "exact", "6", "4")).isEqualTo(Agreement.EQUAL);
        assertThat(parts("11", "exact", "6", "4")).isEqualTo(Agreement.DIFFERS);
        assertThat(parts("10", "1 digit", "6", "9")).isEqualTo(Agreement.WITHIN_ROUNDING);
        assertThat(parts("10", "1 digit", "6", "10")).isEqualTo(Agreement.DIFFERS);
    }

    @Test
    void partsThatDoNotAddUpAreToldBesideTheVerdict() {
        String describe = ClaimsTesting.check("""
                        whole,gpt2-xl,1024,lm_head,2*T*D*V,exact,a+b
                        a,gpt2-xl,1024,lm_head,T*D*V,exact,
                        b,gpt2-xl,1024,lm_head,2*T*D*V,exact,
                        """).get(0).describe();

        assertThat(describe)
                .isEqualTo("holds, but is not the sum of its parts as claimed (247,023,206,400, factor 1.5)");
    }

    @Test
    void claimHoldsWhereItsNumberDoes() {
        assertThat(ClaimsTesting.judge("gpt2-xl", "lm_head", "2*T*D*V", "exact").holds())
                .isTrue();
        assertThat(ClaimsTesting.judge("gpt2-xl", "share.blocks", "96.3", "3 digits")
                        .holds())
                .isFalse();
    }

    @Test
    void quantityOfAClaimMadeInCodeIsCheckedToo() {
        Claim claim = new Claim("code", 1, "a", "gpt2-xl", 8, "tootal", "T", new Precision.Exact(), List.of());
        ClaimsChecker checker = new ClaimsChecker(ClaimsTesting::account);

        assertThatThrownBy(() -> checker.check(List.of(claim)))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("code:1: unknown quantity=tootal");
    }

    @Test
    void factorIsClaimedOverActual() {
        assertThat(ClaimsTesting.judge("gpt2-xl", "lm_head", "3*T*D*V", "exact")
                        .factor()
                        .orElseThrow())
                .isEqualByComparingTo("1.5");
        assertThat(ClaimsTesting.judge("tied-gelu", "block.ffn_gate", "1", "exact")
                        .factor())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,no-such-model,1024,total,1,exact, | claims.csv:2: unknown model 'no-such-model'",
                "a,gpt2-xl,2147483647,total,1,exact, | claims.csv:2: ",
                "a,gpt2-xl,1024,total,1/0,exact, | claims.csv:2: claimed=1/0 has no value: ",
                "a,gpt2-xl,1024,total,10^999999999,exact, | claims.csv:2: claimed=10^999999999 has no value: a number in it has more than 1,000 digits",
                "a,gpt2-xl,1024,growth.total@999999999,1,exact, | claims.csv:2: growth.total@999999999 has no value for gpt2-xl at context 1024: a count exceeds 2^63-1",
                "a,tied-gelu,1024,width_exponent.block.ffn_gate,1,exact, | claims.csv:2: width_exponent.block.ffn_gate has no value for tied-gelu at context 1024: ",
            })
    void claimThatCannotBeWorkedOutIsBadData(String line, String message) {
        List<Claim> claims = ClaimsTesting.claims(line);
        ClaimsChecker checker = new ClaimsChecker(ClaimsTesting::account);

        assertThatThrownBy(() -> checker.check(claims))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith(message)
                .message()
                .hasLineCount(1);
    }

    /**
     * T = 1,024, D = H·d = 8, V = 10, and layers of a gated network with F = 12 and a plain one with F = 20. Projections have
     * 4·2·8·8·T FLOPs a layer, the networks 3·2·8·12·T and 2·2·8·20·T; parameters are half of that a token.
     */
    @ParameterizedTest
    @CsvSource({
        "attention_projections, 1024*T",
        "feed_forward, 1216*T",
        "blocks, 2240*T+64*T^2",
        "total, 2400*T+64*T^2",
        "parameters.blocks, 512+608+32",
        "parameters, 2*V*D+1152+D",
    })
    void modelWhoseBlocksDifferHasQuantitiesOfAllBlocks(String quantity, String claimed) {
        assertThat(ClaimsTesting.judge("mixed", quantity, claimed, "exact").verdict())
                .isEqualTo(Verdict.HOLDS);
    }

    @ParameterizedTest
    @CsvSource({"feed_forward, (1216-192)*T", "parameters.blocks, 1152-96"})
    void gateOfSomeLayersIsLeftOutByConvention(String quantity, String claimed) {
        assertThat(ClaimsTesting.judge("mixed", quantity, claimed, "exact").explanations())
                .containsExactly("two feed-forward products counted, where the model has three");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "block.q_proj | 1 | block.q_proj has no value for mixed at context 1024: the blocks of this model differ",
                "share_of_block.feed_forward | 1 | share_of_block.feed_forward has no value for mixed",
                "parameters.block | 1 | parameters.block has no value for mixed",
                "blocks | T*F | claimed=T*F has no value: F has no single value in this model",
            })
    void oneBlockOfAModelWhoseBlocksDifferIsRefused(String quantity, String claimed, String message) {
        assertThatThrownBy(() -> ClaimsTesting.judge("mixed", quantity, claimed, "exact"))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("claims.csv:2: " + message);
    }

    private static Agreement parts(String whole, String precision, String left, String right) {
        return ClaimsTesting.check("whole,gpt2-xl,1024,total," + whole + "," + precision + ",a+b\n"
                        + "a,gpt2-xl,1024,total," + left + ",exact,\n"
                        + "b,gpt2-xl,1024,total," + right + ",exact,\n")
                .get(0)
                .parts()
                .orElseThrow()
                .agreement();
    }
}
