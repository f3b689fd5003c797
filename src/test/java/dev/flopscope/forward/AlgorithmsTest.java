package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.audit.Reconciliation;
import dev.flopscope.backend.Backends;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.FlopTally;
import dev.flopscope.flops.Account;
import dev.flopscope.time.Timeline;
import dev.flopscope.witness.BoundedMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole prompts by every algorithm and engine, against the float64 reference and their closed forms, ragged tiles included. */
class AlgorithmsTest {
    static final List<Attention> ATTENTIONS = List.of(
            Attention.full(),
            new Attention(Algorithm.TILED, 4, 3),
            new Attention(Algorithm.TILED, 1, 1),
            new Attention(Algorithm.TILED, 64, 5),
            new Attention(Algorithm.CAUSAL, 3, 4),
            new Attention(Algorithm.CAUSAL, 5, 2),
            new Attention(Algorithm.CAUSAL, 64, 64));

    static Stream<Arguments> passes() {
        List<Arguments> passes = new ArrayList<>();
        for (ModelConfig model : SmallModels.ALL) {
            for (Backends.Kind kind : Backends.ALL) {
                for (int tokens : new int[] {1, 2, 9, 23}) {
                    passes.add(Arguments.of(model, kind, 1 + tokens % 3, tokens));
                }
            }
        }
        return passes.stream();
    }

    @ParameterizedTest
    @MethodSource("passes")
    void logitsAreThoseOfTheReferenceAndCountsThoseOfTheClosedForm(
            ModelConfig model, Backends.Kind kind, int batch, int tokens) {
        int[] ids = SmallPass.ids(model, batch, tokens);
        BoundedMatrix expected = SmallPass.witness(model, batch, tokens).forward(ids);
        Phase prompt = Phase.prefill(batch, tokens);
        try (SmallPass pass = SmallPass.start(model, kind)) {
            for (Attention attention : ATTENTIONS) {
                FlopTally tally = new FlopTally();
                double[][] logits = pass.logits(attention, batch, tokens, ids, pass.observed(tally, Timeline.none()));
                SmallPass.assertWithin(logits, prompt, expected, SmallPass.OTHER_SOFTMAX);
                SmallPass.assertReconciled(model, List.of(prompt), attention, List.of(tally.snapshot()));
            }
        }
    }

    /** A tile left out at one end and one doubled at the other would cancel in the total, so shapes are checked too. */
    @Test
    void aTileOfAnotherShapeIsNamed() {
        ModelConfig model = SmallModels.GROUPED;
        FlopTally tally = new FlopTally();
        try (SmallPass pass = SmallPass.start(model, Backends.cpu(Engine.OPENBLAS, 2))) {
            pass.logits(
                    new Attention(Algorithm.TILED, 4, 2),
                    1,
                    8,
                    SmallPass.ids(model, 1, 8),
                    pass.observed(tally, Timeline.none()));
        }
        Account otherTiles = Account.of(model, List.of(Phase.prefill(1, 8)), new Attention(Algorithm.TILED, 2, 4));
        Reconciliation reconciliation = Reconciliation.of(otherTiles.prefill(), tally.snapshot(), List.of());
        assertThat(reconciliation.countedFlops()).isEqualTo(reconciliation.expectedFlops());
        assertThat(reconciliation.disagreements())
                .hasSize(2 * model.numLayers())
                .allMatch(line -> line.contains("attn_") && line.contains("factor 1"));
    }

    @Test
    void causalAttentionSeesNoLaterToken() {
        ModelConfig model = SmallModels.GROUPED;
        Attention causal = new Attention(Algorithm.CAUSAL, 3, 2);
        int[] ids = SmallPass.ids(model, 1, 9);
        int[] others = ids.clone();
        others[5] = (ids[5] + 1) % model.vocabSize();
        try (SmallPass pass = SmallPass.start(model, Backends.cpu(Engine.OPENBLAS, 2))) {
            Phase prompt = Phase.prefill(1, 9);
            Transformer transformer = pass.transformer(causal, List.of(prompt));
            double[][] before = pass.logits(transformer, prompt, ids, pass.unobserved());
            double[][] after = pass.logits(transformer, prompt, others, pass.unobserved());
            for (int row = 0; row < 9; row++) {
                assertThat(Arrays.equals(after[row], before[row]))
                        .as("row %d", row)
                        .isEqualTo(row < 5);
            }
        }
    }
}
