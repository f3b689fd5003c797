package dev.flopscope.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.convention.Ledger;
import dev.flopscope.flops.Account;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {
    private final Account xl = ClaimsTesting.account("gpt2-xl", 1024);

    @ParameterizedTest
    @CsvSource({
        "parameters, 2127057600",
        "parameters.embedding, 80411200",
        "parameters.block, 40963200",
        "parameters.block.attention, 10240000",
        "parameters.block.feed_forward, 30720000",
        "parameters.block.norms, 3200",
        "parameters.blocks, 1966233600",
        "parameters.final_norm, 1600",
        "parameters.lm_head, 80411200",
        "weights.bytes, 8508230400",
        "weights.gb, 8.5082304",
        "weights_bytes, 8508230400",
        "kv_cache_bytes, 629145600",
        "kv_cache.bytes, 629145600",
        "kv_cache.gb, 0.6291456",
        "block.q_proj, 5242880000",
        "block.k_proj, 5242880000",
        "block.v_proj, 5242880000",
        "block.attn_scores, 3355443200",
        "block.attn_values, 3355443200",
        "block.o_proj, 5242880000",
        "block.ffn_gate, 20971520000",
        "block.ffn_up, 20971520000",
        "block.ffn_down, 20971520000",
        "block.qkv, 15728640000",
        "block.ffn_gate_up, 41943040000",
        "block.attention_projections, 20971520000",
        "block.attention_products, 6710886400",
        "block.feed_forward, 62914560000",
        "block.projections_and_feed_forward, 83886080000",
        "block, 90596966400",
        "attention_products, 322122547200",
        "blocks, 4348654387200",
        "lm_head, 164682137600",
        "total, 4513336524800",
        "total_per_token, 4407555200",
        "growth.block.attn_scores@512, 4",
        "growth.lm_head@512, 2",
        "width_exponent.block.attn_scores, 1",
    })
    void quantityOfXlIsThatOfTheTable(String name, BigDecimal value) {
        assertThat(value(name)).isEqualByComparingTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "weights.gib, 7.9239",
        "kv_cache.gib, 0.5859",
        "share.blocks, 96.3512",
        "share.lm_head, 3.6488",
        "share.attention_projections, 22.3035",
        "share.attention_products, 7.1371",
        "share.feed_forward, 66.9106",
        "share_of_block.feed_forward, 69.4444",
        "width_exponent.blocks, 1.9456",
    })
    void shareOfXlIsThatOfTheTable(String name, BigDecimal value) {
        assertThat(value(name).setScale(4, RoundingMode.HALF_UP)).isEqualTo(value);
    }

    @Test
    void everyNameThatIsListedIsKnown() {
        assertThat(Quantities.meanings())
                .allSatisfy((name, meaning) -> assertThat(meaning).isNotBlank())
                .containsKeys("growth.QUANTITY@CONTEXT", "width_exponent.QUANTITY");
        for (Map.Entry<String, String> entry : Quantities.meanings().entrySet()) {
            String name = entry.getKey().replace("QUANTITY", "total").replace("CONTEXT", "8");
            assertThat(Quantities.find(name)).as(name).isPresent();
        }
    }

    private BigDecimal value(String name) {
        return Quantities.find(name)
                .orElseThrow()
                .evaluation()
                .of(xl, Ledger::of)
                .decimal();
    }
}
