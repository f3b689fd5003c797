package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.TestRuns;
import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.profile.Steadiness;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import dev.flopscope.time.SpanRecorder;
import dev.flopscope.time.Timeline;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TracedRunTest {
    private static final int TOKENS = 4;
    private static final int REPETITIONS = 3;

    /** Counts what is told. */
    private static final class Counting implements Timeline {
        private final Map<Scope, Integer> scopes = new EnumMap<>(Scope.class);
        private int heads;

        @Override
        public void multiplied(
                MatmulSite site, MatmulShape shape, long batch, long startNanoseconds, long endNanoseconds) {
            heads += site.equals(MatmulSite.lmHead()) ? 1 : 0;
        }

        @Override
        public void operated(Operator operator, int layer, long startNanoseconds, long endNanoseconds) {}

        @Override
        public void enclosed(Scope scope, int layer, long startNanoseconds, long endNanoseconds) {
            scopes.merge(scope, 1, Integer::sum);
        }
    }

    private static Counting traced(TestRuns run, int warmUp) {
        SpanRecorder recorder = new SpanRecorder();
        ProfiledModel.measurer(ProgressListener.none(), recorder)
                .profile(run.build(), Steadiness.within(warmUp), REPETITIONS);
        Counting counting = new Counting();
        recorder.recording().replay(counting);
        return counting;
    }

    @Test
    void aTraceHoldsEveryDecodedTokenAndNoWarmUp() {
        Counting told = traced(TestRuns.of(SmallModels.GROUPED).context(5).decode(TOKENS), 2);
        assertThat(told.scopes)
                .containsEntry(Scope.PASS, REPETITIONS)
                .containsEntry(Scope.TOKEN, REPETITIONS * TOKENS)
                .containsEntry(Scope.LAYER, REPETITIONS * (1 + TOKENS) * 2)
                .containsEntry(Scope.HEAD, REPETITIONS * (1 + TOKENS));
        assertThat(told.heads).isEqualTo(REPETITIONS * (1 + TOKENS));
    }

    @Test
    void aTraceHoldsAPassForEachChunk() {
        Counting told = traced(TestRuns.of(SmallModels.GROUPED).context(5).chunk(2), 1);
        assertThat(told.scopes).containsEntry(Scope.PASS, REPETITIONS * 3).doesNotContainKey(Scope.TOKEN);
    }

    /** A run makes its code ready before its first pass, and tells nobody of that. */
    @Test
    void aRunTellsOfOnePassAlone() {
        SpanRecorder recorder = new SpanRecorder();
        ProfiledModel.measurer(ProgressListener.none(), recorder)
                .run(TestRuns.of(SmallModels.PLAIN).context(5).decode(2).build());
        Counting counting = new Counting();
        recorder.recording().replay(counting);
        assertThat(counting.scopes).containsEntry(Scope.PASS, 1).containsEntry(Scope.TOKEN, 2);
    }
}
