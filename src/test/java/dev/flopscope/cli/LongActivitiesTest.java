package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.run.ProgressListener.Activity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of work that nobody watches. */
final class LongActivitiesTest {
    private final List<String> said = new ArrayList<>();
    private long seconds;
    private final LongActivities activities = new LongActivities(said::add, () -> seconds * 1_000_000_000L);

    private void decode(int from, int to, int total, int secondsEach) {
        for (int token = from; token <= to; token++) {
            activities.advanced(Activity.DECODING, token, total);
            seconds += secondsEach;
        }
    }

    @Test
    void workThatTakesLongIsSaidOnceWithItsTime() {
        decode(0, 99, 1_000_000, 1);
        assertThat(said).containsExactly("decoding: 5 of 1,000,000 tokens done; the rest takes about 11 days");
    }

    @Test
    void workThatIsSoonDoneIsNotSaid() {
        decode(0, 60, 60, 1);
        assertThat(said).isEmpty();
    }

    @Test
    void eachActivityIsTimedFromItsOwnBeginning() {
        activities.advanced(Activity.WEIGHTS, 0, 10);
        seconds += 1_000;
        decode(0, 1, 600, 10);
        assertThat(said).containsExactly("decoding: 1 of 600 tokens done; the rest takes about 1 h 39 min");
    }
}
