package dev.flopscope.convention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.TestModels;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.flops.Account;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Passes by other conventions, against formulas written out here from the extents of each model, and published figures. */
class NamedConventionsTest {
    private static final long B = 2;
    private static final long T = 9;
    private static final long V = 101;
    private static final long D = 24;

    /** A model by its extents, from which everything is worked out by hand. */
    private record Paper(
            ModelConfig model,
            long layers,
            long heads,
            long keyHeads,
            long width,
            long inner,
            long inward,
            long window,
            long experts,
            long chosen) {
        private long scores() {
            return layers * heads * B * T * T;
        }

        /** Scores that a window of w and the causal mask leave: of the first w queries 1, 2, …, w, of the others w. */
        private long kept() {
            return layers * heads * B * (window * (window + 1) / 2 + (T - window) * window);
        }

        private long matrices(long ofExperts) {
            long router = experts > 1 ? D * experts : 0;
            return layers
                    * (2 * D * heads * width
                            + 2 * D * keyHeads * width
                            + router
                            + ofExperts * (inward + 1) * D * inner);
        }

        private long parameters(long ofExperts) {
            return matrices(ofExperts) + layers * 2 * D + D + 2 * V * D;
        }

        private long products(long ofExperts, long scores) {
            return 2 * B * T * (matrices(ofExperts) + V * D) + 4 * scores * width;
        }

        /** Every result of every product, each of which saves an addition. */
        private long results() {
            long router = experts > 1 ? experts : 0;
            long projected = heads * width + 2 * keyHeads * width + D + router + chosen * (inward * inner + D);
            return B * T * (layers * projected + V) + scores() + layers * heads * B * T * width;
        }

        private long elements() {
            return scores() + 5 * B * T * D * (2 * layers + 1) + B * T * layers * chosen * inner * inward;
        }

        Map<String, Long> totals() {
            long ours = products(chosen, scores());
            long embedding = 2 * B * T * V * D;
            long training = 6 * B * T;
            Map<String, Long> totals = new LinkedHashMap<>();
            totals.put("flopscope", ours);
            totals.put("multiply-adds", ours / 2);
            totals.put("2k-1", ours - results());
            totals.put("causal-halved", ours - 2 * scores() * width);
            totals.put("causal-triangle", products(chosen, layers * heads * B * T * (T + 1) / 2));
            totals.put("masked", products(chosen, kept()));
            totals.put("head-last", ours - 2 * B * (T - 1) * V * D);
            totals.put("embedding-product", ours + embedding);
            totals.put("elementwise", ours + elements());
            totals.put("all-experts", products(experts, scores()));
            totals.put("kaplan", 2 * B * T * matrices(chosen) + 2 * scores() * width);
            totals.put("2nt", 2 * B * T * matrices(chosen));
            totals.put("2nt-embeddings", 2 * B * T * parameters(chosen));
            totals.put("backward", 3 * ours);
            totals.put("6nt", training * matrices(chosen));
            totals.put("6nt-embeddings", training * parameters(chosen));
            totals.put("palm", training * parameters(chosen) + 12 * scores() * width);
            totals.put("megatron", 3 * (ours - 2 * scores() * width));
            totals.put("verl", 3 * (ours - 2 * scores() * width + embedding));
            return totals;
        }

        @Override
        public String toString() {
            return model.name();
        }

        private Account account() {
            return Account.of(model, (int) B, (int) T);
        }
    }

    static List<Paper> models() {
        return List.of(
                new Paper(builder("dense").heads(4).dFf(33).gelu().build(), 3, 4, 4, 6, 33, 1, T, 1, 1),
                new Paper(
                        builder("grouped")
                                .heads(6)
                                .kvHeads(2)
                                .headDim(4)
                                .dFf(33)
                                .build(),
                        3,
                        6,
                        2,
                        4,
                        33,
                        2,
                        T,
                        1,
                        1),
                new Paper(builder("windowed").heads(4).window(4).dFf(33).build(), 3, 4, 4, 6, 33, 2, 4, 1, 1),
                new Paper(
                        builder("mixture")
                                .heads(4)
                                .kvHeads(2)
                                .dFf(7)
                                .every(block -> block.experts(5, 2))
                                .build(),
                        3,
                        4,
                        2,
                        6,
                        7,
                        2,
                        T,
                        5,
                        2));
    }

    private static TestModels.Builder builder(String name) {
        return TestModels.builder(name).vocab((int) V).dModel((int) D).layers(3);
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyConventionHasTheTotalWorkedOutByHand(Paper paper) {
        Map<String, Long> totals = paper.totals();

        assertThat(NamedConventions.all()).extracting(NamedConvention::name).containsExactlyElementsOf(totals.keySet());
        assertThat(NamedConventions.all())
                .allSatisfy(convention -> assertThat(
                                convention.read(paper.account()).total())
                        .as(convention.name())
                        .isEqualTo(BigInteger.valueOf(Objects.requireNonNull(totals.get(convention.name())))));
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyBridgeAddsUpFromEveryConventionToEveryOther(Paper paper) {
        for (NamedConvention from : NamedConventions.all()) {
            for (NamedConvention to : NamedConventions.all()) {
                Bridge bridge = Bridge.of(from.read(paper.account()), to.read(paper.account()));
                BigInteger sum =
                        BigInteger.valueOf(Objects.requireNonNull(paper.totals().get(from.name())));
                for (Bridge.Line line : bridge.lines()) {
                    assertThat(line.from().add(line.difference())).isEqualTo(line.to());
                    assertThat(line.reasons().isEmpty())
                            .as(from.name() + ":" + to.name() + " " + line)
                            .isEqualTo(line.difference().signum() == 0);
                    sum = sum.add(line.difference());
                }
                assertThat(sum)
                        .as(from.name() + ":" + to.name())
                        .isEqualTo(BigInteger.valueOf(
                                Objects.requireNonNull(paper.totals().get(to.name()))));
            }
        }
    }

    @Test
    void aBridgeSaysWhoseReasonEachIs() {
        Account account = models().get(0).account();
        Bridge bridge = Bridge.of(read("megatron", account), read("palm", account));

        assertThat(bridge.lines())
                .filteredOn(line -> line.term().equals("attn_scores"))
                .singleElement()
                .satisfies(line -> assertThat(line.reasons())
                        .contains(new Bridge.Reason("megatron", "attention products halved for causality")));
        assertThat(bridge.lines())
                .filteredOn(line -> line.term().equals("parameters of no product"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.from()).isZero();
                    assertThat(line.reasons())
                            .extracting(Bridge.Reason::convention)
                            .containsExactly("palm");
                });
    }

    /**
     * MaxText of llama2-7b, T 8192, 4 sequences: 1,299.00 TFLOPs of weights and 211.11 of attention. verl of it, the sum of
     * sequences of 512, 1024 and 2048. PaLM of nanoGPT's rule at one sequence: 6·N·T + 12·L·H·d·T².
     */
    @ParameterizedTest
    @CsvSource({
        "megatron, 4, 8192, 1510110501273600",
        "multiply-adds, 1, 8192, 71717363908608",
        "causal-halved, 1, 8192, 125842541772800",
        "embedding-product, 1, 8192, 145582211465216",
        "head-last, 1, 8192, 141287506313216",
        "2nt-embeddings, 1, 8192, 110402201452544",
    })
    void publishedFiguresOfLlama2AreThoseOfTheirConventions(String name, int batch, int context, BigInteger total) {
        assertThat(read(name, Account.of(llama2(), batch, context)).total()).isEqualTo(total);
    }

    @Test
    void verlsFigureIsTheSumOfItsSequences() {
        BigInteger sum = BigInteger.ZERO;
        for (int tokens : new int[] {512, 1024, 2048}) {
            sum = sum.add(read("verl", Account.of(llama2(), 1, tokens)).total());
        }
        assertThat(sum).isEqualTo(149_226_491_215_872L);
    }

    private static Reading read(String name, Account account) {
        return NamedConventions.find(name).orElseThrow().read(account);
    }

    private static ModelConfig llama2() {
        return TestModels.swiglu("llama2-7b", 32_000, 32, 4096, 32, 11_008);
    }
}
