package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.TestRuns;
import dev.flopscope.config.Engine;
import dev.flopscope.config.RunSpec;
import dev.flopscope.machine.Build;
import dev.flopscope.sweep.Environment;
import dev.flopscope.sweep.Measured;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepRow;
import dev.flopscope.time.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SweepTest {
    private static final Environment HERE = Environment.of(Hardware.inUse(Engine.OPENBLAS, 1), new Build("test", "0"));

    private static final RunSpec FIRST =
            TestRuns.of(SmallModels.GROUPED).context(5).build();
    private static final RunSpec OTHER_MODEL =
            TestRuns.of(SmallModels.PLAIN).context(5).build();
    private static final RunSpec DECODING =
            TestRuns.of(SmallModels.GROUPED).context(7).chunk(3).decode(2).build();
    private static final RunSpec TOO_LARGE =
            TestRuns.of(SmallModels.GROUPED).batch(1000).context(1_000_000).build();

    private final List<RunSpec> started = new ArrayList<>();

    private List<SweepRow> sweep(Instruments instruments, RunSpec... specs) {
        List<SweepRow> rows = new ArrayList<>();
        new Measurer(instruments).sweep(Stream.of(specs).map(SweepPoint::new).toList(), 2, HERE, rows::add);
        return rows;
    }

    private Instruments noting() {
        Instruments usual = ProfiledModel.instruments(ProgressListener.none(), Timeline.none());
        return new Instruments(
                usual.progress(),
                usual.listener(),
                spec -> {
                    started.add(spec);
                    return usual.backend().apply(spec);
                },
                usual.ceilings(),
                usual.calibration(),
                usual.warn(),
                usual.forward());
    }

    @Test
    void runsThatReadTheSameWeightsFollowEachOtherAndMakeThemOnce() {
        List<SweepRow> rows = sweep(noting(), FIRST, OTHER_MODEL, TOO_LARGE, DECODING);
        assertThat(rows).extracting(SweepRow::spec).containsExactly(FIRST, TOO_LARGE, DECODING, OTHER_MODEL);
        assertThat(started).containsExactly(FIRST, OTHER_MODEL);
        assertThat(rows).allMatch(row -> row.environment().equals(HERE));
    }

    @Test
    void eachRowHasItsRepetitionsAndTheSumOfItsPhases() {
        List<SweepRow> rows = sweep(noting(), FIRST, DECODING);
        assertThat(rows).allSatisfy(row -> {
            Measured measured = row.measured().orElseThrow();
            assertThat(measured.agrees()).isTrue();
            assertThat(measured.all().samples()).hasSize(2).allMatch(seconds -> seconds > 0);
            assertThat(measured.all().countedFlops()).isEqualTo(measured.all().expectedFlops());
        });
        Measured decoding = rows.get(1).measured().orElseThrow();
        Measured.Totals decode = decoding.decode().orElseThrow();
        assertThat(decode.countedFlops())
                .isEqualTo(Measurer.check(DECODING).decode().orElseThrow().flops());
        assertThat(decoding.all().countedFlops())
                .isEqualTo(Measurer.check(DECODING).prefill().flops() + decode.countedFlops());
        assertThat(decode.samples().get(1)).isLessThan(decoding.all().samples().get(1));
    }

    @Test
    void aRunThatDoesNotFitIsSkippedWithTheReason() {
        assertThat(sweep(noting(), TOO_LARGE))
                .singleElement()
                .satisfies(row -> assertThat(row.skipped().orElseThrow())
                        .startsWith("grouped with batch 1,000 and context 1,000,000 needs "));
        assertThat(started).isEmpty();
    }

    @Test
    void runsWhoseWeightsDoNotFitAfterAllAreSkipped() {
        Instruments usual = ProfiledModel.instruments(ProgressListener.none(), Timeline.none());
        Instruments full = new Instruments(
                usual.progress(),
                usual.listener(),
                spec -> {
                    throw new OutOfMemoryError("no space\nat all");
                },
                usual.ceilings(),
                usual.calibration(),
                usual.warn(),
                usual.forward());
        assertThat(sweep(full, FIRST, TOO_LARGE, DECODING))
                .extracting(row -> row.skipped().orElseThrow())
                .satisfiesExactly(
                        reason -> assertThat(reason).isEqualTo("ran out of memory: no space"),
                        reason -> assertThat(reason).startsWith("grouped with batch 1,000"),
                        reason -> assertThat(reason).isEqualTo("ran out of memory: no space"));
    }
}
