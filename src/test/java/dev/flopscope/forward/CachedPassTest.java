package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.SmallModels;
import dev.flopscope.audit.Reconciliation;
import dev.flopscope.backend.Backends;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.FlopTally;
import dev.flopscope.flops.Account;
import dev.flopscope.time.Timeline;
import dev.flopscope.witness.BoundedMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Prompts in chunks, and tokens decoded one by one after them, against the float64 reference over all tokens at once. */
class CachedPassTest {
    private static final Attention TILED = new Attention(Algorithm.TILED, 4, 3);
    private static final Backends.Kind TWO_THREADS = Backends.cpu(Engine.OPENBLAS, 2);

    static Stream<Arguments> sessions() {
        List<Arguments> sessions = new ArrayList<>();
        for (ModelConfig model : SmallModels.ALL) {
            for (Backends.Kind kind : Backends.ALL) {
                sessions.add(Arguments.of(model, kind, 1, 1, 9));
                sessions.add(Arguments.of(model, kind, 2, 7, 3));
                sessions.add(Arguments.of(model, kind, 1, 30, 40));
            }
        }
        return sessions.stream();
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void everyDecodedTokenHasTheLogitsOfAPassOverAllAndTheCountsOfItsClosedForm(
            ModelConfig model, Backends.Kind kind, int batch, int context, int tokens) {
        int[] ids = SmallPass.ids(model, batch, context + tokens);
        BoundedMatrix expected =
                SmallPass.witness(model, batch, context + tokens).forward(ids);
        List<Phase> phases = List.of(Phase.prefill(batch, context), Phase.decode(batch, context, tokens));
        try (SmallPass pass = SmallPass.start(model, kind)) {
            assertPhases(pass, TILED, phases, ids, expected);
        }
    }

    private static void assertPhases(
            SmallPass pass, Attention attention, List<Phase> phases, int[] ids, BoundedMatrix expected) {
        Transformer transformer = pass.transformer(attention, phases);
        List<FlopTally> tallies = new ArrayList<>();
        for (Phase phase : phases) {
            FlopTally tally = new FlopTally();
            tallies.add(tally);
            double[][] logits = pass.logits(transformer, phase, ids, pass.observed(tally, Timeline.none()));
            SmallPass.assertWithin(logits, phase, expected, SmallPass.OTHER_SOFTMAX);
        }
        SmallPass.assertReconciled(
                pass.model,
                phases,
                attention,
                tallies.stream().map(FlopTally::snapshot).toList());
    }

    static Stream<Arguments> prompts() {
        return SmallModels.ALL.stream().flatMap(model -> Backends.ALL.stream().map(kind -> Arguments.of(model, kind)));
    }

    /** Chunks of every size, whatever is left for the last; then two tokens. Logits of every token and of the last alone. */
    @ParameterizedTest
    @MethodSource("prompts")
    void aPromptInChunksIsThePromptAtOnce(ModelConfig model, Backends.Kind kind) {
        int context = 9;
        int[] ids = SmallPass.ids(model, 2, context + 2);
        BoundedMatrix expected = SmallPass.witness(model, 2, context + 2).forward(ids);
        List<Attention> attentions =
                List.of(Attention.full(), new Attention(Algorithm.TILED, 2, 3), new Attention(Algorithm.CAUSAL, 3, 2));
        try (SmallPass pass = SmallPass.start(model, kind)) {
            for (int chunk = 1; chunk <= context + 1; chunk++) {
                for (int number = 0; number < attentions.size(); number++) {
                    LogitsRows logits = (chunk + number) % 2 == 0 ? LogitsRows.ALL : LogitsRows.LAST;
                    List<Phase> phases = List.of(Phase.prefill(2, context, chunk, logits), Phase.decode(2, context, 2));
                    assertPhases(pass, attentions.get(number), phases, ids, expected);
                }
            }
        }
    }

    /** A chunk that goes through the cache multiplies what a prompt without one does, and to the same bits. */
    @Test
    void aPromptThroughACacheGivesTheBitsOfOneWithout() {
        for (ModelConfig model : SmallModels.ALL) {
            int[] ids = SmallPass.ids(model, 2, 7);
            Phase prompt = Phase.prefill(2, 7);
            try (SmallPass pass = SmallPass.start(model, Backends.cpu(Engine.OPENBLAS, 1))) {
                double[][] without =
                        pass.logits(pass.transformer(TILED, List.of(prompt)), prompt, ids, pass.unobserved());
                double[][] through = pass.logits(
                        pass.transformer(TILED, List.of(prompt, Phase.decode(2, 7, 1))),
                        prompt,
                        ids,
                        pass.unobserved());
                assertThat(through).as(model.name()).isDeepEqualTo(without);
            }
        }
    }

    /** A cache that is one position behind: the same calls and FLOPs everywhere but in attention, which must be named. */
    @Test
    void tokensThatSeeOnePositionLessAreNamedWhereTheyDo() {
        ModelConfig model = SmallModels.GROUPED;
        FlopTally decoded = new FlopTally();
        try (SmallPass pass = SmallPass.start(model, TWO_THREADS)) {
            List<Phase> phases = List.of(Phase.prefill(1, 5), Phase.decode(1, 5, 2));
            Transformer transformer = pass.transformer(TILED, phases);
            int[] ids = SmallPass.ids(model, 1, 7);
            pass.logits(transformer, phases.get(0), ids, pass.unobserved());
            pass.logits(transformer, phases.get(1), ids, pass.observed(decoded, Timeline.none()));
        }
        Account oneLater = Account.of(model, List.of(Phase.prefill(1, 6), Phase.decode(1, 6, 2)), TILED);
        assertThat(Reconciliation.of(oneLater.decode().orElseThrow(), decoded.snapshot(), List.of())
                        .disagreements())
                .hasSize(2 * model.numLayers())
                .allSatisfy(line -> assertThat(line).contains("attn_").contains("factor "));
    }

    /** A second prompt begins the cache anew: what the first and its tokens left there must not show. */
    @Test
    void aSecondPromptGivesTheSameBits() {
        for (ModelConfig model : List.of(SmallModels.GROUPED, SmallModels.ALTERNATING)) {
            int[] ids = SmallPass.ids(model, 2, 8);
            int[] others = ids.clone();
            others[0] = (ids[0] + 1) % model.vocabSize();
            List<Phase> phases = List.of(Phase.prefill(2, 6, 4, LogitsRows.LAST), Phase.decode(2, 6, 2));
            try (SmallPass pass = SmallPass.start(model, TWO_THREADS)) {
                Transformer transformer = pass.transformer(TILED, phases);
                double[][] first = decoded(pass, transformer, phases, ids);
                assertThat(decoded(pass, transformer, phases, others)[0]).isNotEqualTo(first[0]);
                assertThat(decoded(pass, transformer, phases, ids)).isDeepEqualTo(first);
            }
        }
    }

    private static double[][] decoded(SmallPass pass, Transformer transformer, List<Phase> phases, int[] ids) {
        pass.logits(transformer, phases.get(0), ids, pass.unobserved());
        return pass.logits(transformer, phases.get(1), ids, pass.unobserved());
    }

    /** Decoding again after the same prompt replaces what was decoded before. */
    @Test
    void tokensDecodedAgainAfterTheSamePromptGiveTheSameBits() {
        ModelConfig model = SmallModels.GROUPED;
        int[] ids = SmallPass.ids(model, 1, 8);
        int[] others = ids.clone();
        others[6] = (ids[6] + 1) % model.vocabSize();
        Phase prompt = Phase.prefill(1, 6);
        Phase tokens = Phase.decode(1, 6, 2);
        try (SmallPass pass = SmallPass.start(model, TWO_THREADS)) {
            KvCache cache = new KvCache(model, 1, 8, pass.backend, pass.memory);
            Transformer transformer = pass.transformer(TILED, List.of(prompt, tokens), Optional.of(cache));
            pass.logits(transformer, prompt, ids, pass.unobserved());
            double[][] first = pass.logits(transformer, tokens, ids, pass.unobserved());
            assertThat(pass.logits(transformer, tokens, others, pass.unobserved())[1])
                    .isNotEqualTo(first[1]);
            assertThat(pass.logits(transformer, tokens, ids, pass.unobserved())).isDeepEqualTo(first);
            assertThat(cache.length()).isEqualTo(8);
        }
    }

    @Test
    void aChunkNeedsWhatComesBeforeItAndRoomInTheCache() {
        ModelConfig model = SmallModels.PLAIN;
        Phase prompt = Phase.prefill(1, 2);
        Phase tokens = Phase.decode(1, 2, 2);
        try (SmallPass pass = SmallPass.start(model, TWO_THREADS)) {
            KvCache cache = new KvCache(model, 1, 4, pass.backend, pass.memory);
            assertThat(cache.capacity()).isEqualTo(4);
            assertThat(cache.length()).isZero();
            Transformer transformer = pass.transformer(TILED, List.of(prompt, tokens), Optional.of(cache));
            assertThatThrownBy(() -> transformer.forward(new int[1], tokens, 0, pass.unobserved(), done -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the cache does not hold the 2 tokens before this chunk");
            transformer.forward(new int[2], prompt, 0, pass.unobserved(), done -> {});
            assertThat(cache.length()).isEqualTo(2);
            assertThatThrownBy(() -> transformer.forward(new int[1], tokens, 1, pass.unobserved(), done -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the cache does not hold the 3 tokens before this chunk");
            assertThatThrownBy(() -> pass.transformer(TILED, List.of(Phase.prefill(1, 5)), Optional.of(cache)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a cache of 4 positions cannot hold 5 tokens");
            Transformer without = pass.transformer(TILED, List.of(prompt, tokens), Optional.empty());
            without.forward(new int[2], prompt, 0, pass.unobserved(), done -> {});
            assertThatThrownBy(() -> without.forward(new int[1], tokens, 0, pass.unobserved(), done -> {}))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
