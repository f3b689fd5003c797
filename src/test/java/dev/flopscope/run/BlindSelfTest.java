package dev.flopscope.run;

import dev.flopscope.run.SelfTestResult.Check;
import dev.flopscope.run.SelfTestResult.Place;
import dev.flopscope.time.Timeline;
import java.util.List;

/** A self-test that cannot succeed: one of its two faults does nothing, so that no check can notice it. */
public final class BlindSelfTest {
    /** What does nothing. */
    public static final String NAME = "fault that does nothing";

    private BlindSelfTest() {}

    /** The self-test. */
    public static SelfTest of(ProgressListener progress, int threads) {
        return of(threads, new PlantedFault(NAME, Place.ABOVE, Check.COUNTS, () -> Plant.NONE));
    }

    /** A self-test of a product that is left out, which counts and logits notice, and of {@code other}. */
    static SelfTest of(int threads, PlantedFault other) {
        return new SelfTest(
                Instruments.ofThisMachine(ProgressListener.none(), Timeline.none(), line -> {}),
                ProgressListener.none(),
                threads,
                List.of(PlantedFaults.ALL.get(0), other));
    }
}
