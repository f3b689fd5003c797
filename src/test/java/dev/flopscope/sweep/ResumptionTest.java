package dev.flopscope.sweep;

import static dev.flopscope.sweep.SweepRows.CHANGED;
import static dev.flopscope.sweep.SweepRows.ELSEWHERE;
import static dev.flopscope.sweep.SweepRows.HERE;
import static dev.flopscope.sweep.SweepRows.MODEL;
import static dev.flopscope.sweep.SweepRows.measured;
import static dev.flopscope.sweep.SweepRows.point;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.TestModels;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResumptionTest {
    private static final SweepPoint WANTED = point(MODEL, 256);

    private static Resumption resume(SweepRow row) {
        return Resumption.of(List.of(row), List.of(WANTED), HERE, 3);
    }

    @Test
    void aRowOfTheSameSettingsOnTheSameHardwareIsTaken() {
        SweepRow row = measured(WANTED, HERE, 10, true, 1.0, 2.0, 3.0);
        Resumption resumption = resume(row);
        assertThat(resumption.answered()).containsExactly(row);
        assertThat(resumption.left(List.of(WANTED, point(MODEL, 512)))).containsExactly(point(MODEL, 512));
        assertThat(resumption.notes()).isEmpty();
    }

    @Test
    void everyOtherRowIsMeasuredAgainAndItIsSaidWhy() {
        requireNote(measured(WANTED, ELSEWHERE, 10, true, 1.0, 2.0, 3.0), "kernel Zen; measuring it on");
        requireNote(measured(point(CHANGED, 256), HERE, 10, true, 1.0, 2.0, 3.0), "another config");
        requireNote(measured(WANTED, HERE, 10, true, 1.0, 2.0), "has 2 of 3 repetitions");
        requireNote(measured(WANTED, HERE, 10, false, 1.0, 2.0, 3.0), "disagreed");
        requireNote(SweepRows.skipped(WANTED), "was skipped");
    }

    private static void requireNote(SweepRow row, String says) {
        Resumption resumption = resume(row);
        assertThat(resumption.left(List.of(WANTED))).containsExactly(WANTED);
        assertThat(resumption.notes()).singleElement().asString().contains(says);
        assertThat(resumption.rows()).containsExactly(row);
    }

    @Test
    void aNewRowTakesThePlaceOfAnOldOneOfTheSameHardwareOnly() {
        SweepRow skipped = SweepRows.skipped(WANTED);
        SweepRow elsewhere = measured(WANTED, ELSEWHERE, 10, true, 1.0);
        SweepRow fresh = measured(WANTED, HERE, 10, true, 2.0);
        SweepResult result = new SweepResult(List.of(skipped, elsewhere), false).with(fresh);
        assertThat(result.rows()).containsExactly(elsewhere, fresh);
    }

    @Test
    void anotherConfigOfTheSameNameHasAnotherHash() {
        String hash = SweepPoint.hash(TestModels.swiglu("m", 100, 2, 16, 4, 32));
        assertThat(SweepPoint.hash(TestModels.swiglu("other name", 100, 2, 16, 4, 32)))
                .isEqualTo(hash);
        assertThat(SweepPoint.hash(TestModels.swiglu("m", 100, 2, 16, 4, 33))).isNotEqualTo(hash);
        assertThat(SweepPoint.hash(TestModels.tiedGelu("m", 100, 2, 16, 4, 32))).isNotEqualTo(hash);
    }

    /** As files had it before rows held the config. */
    @Test
    void theHashOfAConfigIsThatOfEarlierFiles() {
        assertThat(SweepPoint.hash(TestModels.shipped("gpt2-small"))).isEqualTo("ae78e4a048e52836");
    }

    @Test
    void aSweepAgreesIfEveryRowThatWasMeasuredDoes() {
        SweepRow good = measured(WANTED, HERE, 10, true, 1.0);
        SweepRow bad = measured(point(MODEL, 512), HERE, 10, false, 1.0);
        SweepRow skipped = SweepRows.skipped(point(MODEL, 1024));
        assertThat(new SweepResult(List.of(good, skipped), true).agrees()).isTrue();
        assertThat(new SweepResult(List.of(good, skipped, bad), true).agrees()).isFalse();
        assertThat(new SweepResult(List.of(skipped), true).measured()).isEmpty();
    }
}
