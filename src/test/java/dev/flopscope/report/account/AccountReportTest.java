package dev.flopscope.report.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flopscope.SmallModels;
import dev.flopscope.TestModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.document.Format;
import dev.flopscope.flops.Account;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class AccountReportTest {
    private static JsonNode json(ModelConfig model, Phase... phases) {
        return report(model, phases).json(List.of()).at("/accounts/0");
    }

    private static AccountReport report(ModelConfig model, Phase... phases) {
        return new AccountReport(List.of(Account.of(model, List.of(phases), Attention.full())));
    }

    private static long sum(JsonNode rows, String key) {
        return StreamSupport.stream(rows.spliterator(), false)
                .mapToLong(row -> row.at("/" + key).asLong())
                .sum();
    }

    @Test
    void aNoteOnAModelOfGpt2sSizeNamesWhatDiffersAndNothingElse() {
        assertThat(AccountTables.ofItsSize(TestModels.shipped("gpt2-small")))
                .hasValue(
                        "the size is GPT-2's, the block is not: RMSNorm, rotary positions, SwiGLU and an LM head of its"
                                + " own, in place of LayerNorm, learned positions, GELU and a tied head");
        assertThat(AccountTables.ofItsSize(TestModels.tiedGelu("gpt2-small-gelu", 50_257, 12, 768, 12, 3_072)))
                .hasValue(
                        "the size is GPT-2's, the block is not: RMSNorm and rotary positions, in place of LayerNorm and"
                                + " learned positions");
        assertThat(AccountTables.ofItsSize(TestModels.tiedGelu("other", 50_257, 12, 768, 12, 3_072)))
                .isEmpty();
    }

    @Test
    void chunksAndLogitsAreNamedWhereTheyAreNotTheUsualOnes() {
        JsonNode usual = json(SmallModels.PLAIN, Phase.prefill(2, 9));
        assertThat(usual.has("chunk")).isFalse();
        assertThat(usual.has("logits")).isFalse();
        JsonNode other = json(SmallModels.PLAIN, Phase.prefill(2, 9, 4, LogitsRows.LAST));
        assertThat(other.at("/chunk").asInt()).isEqualTo(4);
        assertThat(other.at("/logits").asText()).isEqualTo("last");
        String text =
                Format.TABLE.render(report(SmallModels.PLAIN, Phase.prefill(2, 9, 4, LogitsRows.LAST)), List.of());
        assertThat(text.replaceAll("\\s+", " "))
                .contains("in 3 chunks of 4 tokens at most, logits of the last token alone")
                .contains("S is the sum over the chunks");
    }

    @Test
    void positionsOfDecodedTokensAddUpToTheirPhase() {
        JsonNode decode = json(SmallModels.GROUPED, Phase.prefill(3, 5), Phase.decode(3, 5, 4))
                .at("/phases/1");
        assertThat(decode.at("/positions")).hasSize(4);
        assertThat(decode.at("/positions/0/position").asInt()).isEqualTo(6);
        assertThat(sum(decode.at("/positions"), "expected"))
                .isEqualTo(decode.at("/flops/expected").asLong())
                .isEqualTo(sum(decode.at("/sites"), "expected"));
        assertThat(sum(decode.at("/positions"), "bytes"))
                .isEqualTo(decode.at("/bytes").asLong());
    }

    @Test
    void blocksThatDifferAreListedWithTheirLayers() {
        JsonNode uniform = json(SmallModels.GROUPED, Phase.prefill(1, 5)).at("/model");
        assertThat(uniform.has("blocks")).isFalse();
        JsonNode model = json(SmallModels.ALTERNATING, Phase.prefill(1, 5)).at("/model");
        assertThat(model.at("/blocks")).hasSize(4);
        assertThat(sum(model.at("/blocks"), "layers"))
                .isEqualTo(model.at("/num_layers").asLong());
        assertThat(model.at("/blocks/0/layers").asInt()).isEqualTo(2);
        assertThat(model.at("/blocks/0/window")).isEqualTo(model.at("/window"));
        assertThat(model.at("/blocks/1/num_heads").asInt()).isEqualTo(2);
    }

    @Test
    void everyDifferentBlockHasATableOfItsOwn() {
        String text = Format.TABLE.render(report(SmallModels.ALTERNATING, Phase.prefill(1, 5)), List.of());
        assertThat(text)
                .contains("2 layers of (H 4, K 2, d 4, window 3, F 13 (swiglu))")
                .contains("One block of 2 layers", "One block of 1 layer, and the LM head")
                .contains("attention of one of 2");
        assertThat(text.lines().filter(line -> line.startsWith("One block of"))).hasSize(4);
        assertThat(Format.TABLE.render(report(SmallModels.PLAIN, Phase.prefill(1, 5)), List.of()))
                .contains("One block, and the LM head")
                .doesNotContain("One block of");
    }

    @Test
    void xlAt16384TokensFitsATerminal() {
        ModelConfig xl = TestModels.shipped("gpt2-xl");
        String text = Format.TABLE.render(
                new AccountReport(List.of(Account.of(
                        xl,
                        List.of(Phase.prefill(1, 16_384), Phase.decode(1, 16_384, 4096)),
                        Attention.of(Attention.Algorithm.CAUSAL)))),
                List.of());
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(text).contains("Prefill, where the FLOPs go", "Decoding 4,096 tokens, where the FLOPs go");
    }

    @Test
    void severalAccountsStandSideBySideWithTheirPhases() {
        AccountReport report = new AccountReport(List.of(
                Account.of(SmallModels.PLAIN, List.of(Phase.prefill(1, 5), Phase.decode(1, 5, 2)), Attention.full()),
                Account.of(SmallModels.GELU, List.of(Phase.prefill(1, 5), Phase.decode(1, 5, 2)), Attention.full())));
        assertThat(Format.TABLE.render(report, List.of()))
                .contains("From plain to gelu at 5 tokens", "Prefill and decode; bytes are the compulsory traffic");
        assertThat(report.json(List.of()).at("/accounts")).hasSize(2);
        assertThat(report.rows().rows())
                .hasSize(2 * (10 + 9))
                .allSatisfy(row -> assertThat(row).doesNotContain(""));
    }
}
