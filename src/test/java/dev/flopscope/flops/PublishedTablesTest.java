package dev.flopscope.flops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.TestModels;
import dev.flopscope.count.MatmulKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The closed forms of the four GPT-2 sizes, to the last digit. */
class PublishedTablesTest {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal GIBIBYTE = BigDecimal.valueOf(1L << 30);

    @ParameterizedTest
    @CsvSource({
        "gpt2-small, 190460160, 761840640, 0.710",
        "gpt2-medium, 505629696, 2022518784, 1.884",
        "gpt2-large, 1072469760, 4289879040, 3.995",
        "gpt2-xl, 2127057600, 8508230400, 7.924",
    })
    void parametersAndWeightsAreThoseOfTheTable(String model, long parameters, long bytes, BigDecimal gibibytes) {
        Account account = account(model, 1024);

        assertThat(account.parameters().total()).isEqualTo(parameters);
        assertThat(account.memory().weightsBytes()).isEqualTo(bytes);
        assertThat(BigDecimal.valueOf(bytes).divide(GIBIBYTE, 3, RoundingMode.HALF_UP))
                .isEqualTo(gibibytes);
    }

    @Test
    void parametersOfXlAreThoseOfTheTableByPart() {
        assertThat(account("gpt2-xl", 1024).parameters())
                .isEqualTo(new ParameterAccount(
                        80_411_200,
                        0,
                        Collections.nCopies(48, new ParameterAccount.Block(10_240_000, 30_720_000, 3_200, 0, 0)),
                        40_963_200,
                        1_600,
                        80_411_200));
        assertThat(account("gpt2-xl", 1024).parameters().firstBlock().total()).isEqualTo(40_963_200);
        assertThat(account("gpt2-xl", 1024).parameters().blocks()).isEqualTo(48L * 40_963_200);
        assertThat(account("gpt2-xl", 1024).parameters().sharedTotal()).isEqualTo(160_822_400 + 40_963_200 + 1_600);
    }

    @ParameterizedTest
    @CsvSource({
        "Q_PROJ, 1, 1024, 1600, 1600, 2·B·T·D·H·d, 5242880000",
        "K_PROJ, 1, 1024, 1600, 1600, 2·B·T·D·K·d, 5242880000",
        "V_PROJ, 1, 1024, 1600, 1600, 2·B·T·D·K·d, 5242880000",
        "ATTN_SCORES, 25, 1024, 64, 1024, 2·B·H·T²·d, 3355443200",
        "ATTN_VALUES, 25, 1024, 1024, 64, 2·B·H·T²·d, 3355443200",
        "O_PROJ, 1, 1024, 1600, 1600, 2·B·T·H·d·D, 5242880000",
        "FFN_GATE, 1, 1024, 1600, 6400, 2·B·T·D·F, 20971520000",
        "FFN_UP, 1, 1024, 1600, 6400, 2·B·T·D·F, 20971520000",
        "FFN_DOWN, 1, 1024, 6400, 1600, 2·B·T·F·D, 20971520000",
    })
    void kindsOfOneBlockOfXlAreThoseOfTheTable(
            MatmulKind kind, long calls, long m, long k, long n, String form, long flops) {
        assertThat(account("gpt2-xl", 1024).prefill().kind(kind))
                .contains(Forms.kind(kind, 48, calls, m, k, n, form, flops));
    }

    @Test
    void blockAndHeadOfXlAreThoseOfTheTable() {
        assertThat(account("gpt2-xl", 1024).prefill().blockFlops()).isEqualTo(90_596_966_400L);
        assertThat(account("gpt2-xl", 1024).prefill().kind(MatmulKind.LM_HEAD))
                .contains(Forms.kind(MatmulKind.LM_HEAD, 1, 1, 1024, 1600, 50_257, "2·B·T·D·V", 164_682_137_600L));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2-small, 1024, 349630365696, 77.39, 16.58, 11.06, 49.75, 22.61",
        "gpt2-medium, 1024, 1033109504000, 89.80, 19.96, 9.98, 59.87, 10.20",
        "gpt2-large, 1024, 2257754521600, 94.16, 21.40, 8.56, 64.20, 5.84",
        "gpt2-xl, 1024, 4513336524800, 96.35, 22.30, 7.14, 66.91, 3.65",
        "gpt2-xl, 16384, 149522795724800, 98.24, 10.77, 55.15, 32.32, 1.76",
    })
    void totalsAndSharesAreThoseOfTheTable(
            String model,
            int context,
            long total,
            BigDecimal blocks,
            BigDecimal projections,
            BigDecimal products,
            BigDecimal feedForward,
            BigDecimal head) {
        Account account = account(model, context);
        Components components = account.prefill().components();

        assertThat(account.prefill().flops()).isEqualTo(total);
        assertThat(percent(components.blocks(), total)).isEqualTo(blocks);
        assertThat(percent(components.attentionProjections(), total)).isEqualTo(projections);
        assertThat(percent(components.attentionProducts(), total)).isEqualTo(products);
        assertThat(percent(components.feedForward(), total)).isEqualTo(feedForward);
        assertThat(percent(components.lmHead(), total)).isEqualTo(head);
    }

    @Test
    void xlAtSixteenTimesTheContextTakes33TimesTheFlops() {
        assertThat(percent(
                        account("gpt2-xl", 16_384).prefill().flops(),
                        account("gpt2-xl", 1024).prefill().flops()))
                .isEqualTo("3312.91");
    }

    @Test
    void feedForwardOfXlIsSomewhatUnderSeventyPercentOfABlock() {
        assertThat(percent(62_914_560_000L, account("gpt2-xl", 1024).prefill().blockFlops()))
                .isEqualTo("69.44");
    }

    private static Account account(String model, int context) {
        return Account.of(TestModels.shipped(model), 1, context);
    }

    static BigDecimal percent(long part, long whole) {
        return BigDecimal.valueOf(part).multiply(HUNDRED).divide(BigDecimal.valueOf(whole), 2, RoundingMode.HALF_UP);
    }
}
