package dev.flopscope.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.TestModels;
import dev.flopscope.backend.Backends;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.time.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model wide enough for its rows, columns and tiles to be shared out, with more threads than this machine may have. */
class ThreadsTest {
    private static final int BATCH = 2;
    private static final int TOKENS = 67;
    private static final List<Phase> PHASES =
            List.of(Phase.prefill(BATCH, TOKENS, 40, LogitsRows.ALL), Phase.decode(BATCH, TOKENS, 3));

    private static final ModelConfig WIDE = TestModels.builder("wide")
            .vocab(301)
            .dModel(130)
            .heads(5)
            .headDim(26)
            .dFf(390)
            .block(block -> block)
            .block(block -> block.gelu().window(20))
            .build();

    /**
     * Sums within a row may have another order with other threads, so what is certain is that logits stay within what
     * rounding may explain; and counts do not depend on who multiplies.
     */
    @ParameterizedTest
    @EnumSource(names = {"ONEDNN", "OPENBLAS"})
    void threadsChangeNoCountAndNoLogitByMoreThanRounding(Engine engine) {
        int[] ids = SmallPass.ids(WIDE, BATCH, TOKENS + 3);
        double[][] expected = SmallPass.witness(WIDE, BATCH, TOKENS + 3).forward(ids).values;
        int additions = 2 * (2 * 130 + 26 + TOKENS + 130 + 390) + 130;
        for (Attention attention : List.of(Attention.full(), new Attention(Algorithm.CAUSAL, 16, 16))) {
            for (int threads = 1; threads <= 4; threads++) {
                List<SortedMap<MatmulSite, SiteCount>> counts = new ArrayList<>();
                try (SmallPass pass = SmallPass.start(WIDE, Backends.cpu(engine, threads))) {
                    Transformer transformer = pass.transformer(attention, PHASES);
                    for (Phase phase : PHASES) {
                        FlopTally tally = new FlopTally();
                        double[][] logits = pass.logits(transformer, phase, ids, pass.observed(tally, Timeline.none()));
                        SmallPass.assertNear(logits, phase, expected, additions);
                        counts.add(tally.snapshot());
                    }
                }
                SmallPass.assertReconciled(WIDE, PHASES, attention, counts);
            }
        }
    }

    /** With the same threads, a run repeats itself to the last bit. */
    @ParameterizedTest
    @EnumSource(names = {"ONEDNN", "OPENBLAS"})
    void theSameThreadsGiveTheSameBits(Engine engine) {
        int[] ids = SmallPass.ids(WIDE, BATCH, TOKENS + 3);
        List<double[][]> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (SmallPass pass = SmallPass.start(WIDE, Backends.cpu(engine, 3))) {
                Transformer transformer = pass.transformer(Attention.of(Algorithm.TILED), PHASES);
                for (Phase phase : PHASES) {
                    runs.add(pass.logits(transformer, phase, ids, pass.unobserved()));
                }
            }
        }
        assertThat(runs.get(2)).isDeepEqualTo(runs.get(0));
        assertThat(runs.get(3)).isDeepEqualTo(runs.get(1));
    }
}
