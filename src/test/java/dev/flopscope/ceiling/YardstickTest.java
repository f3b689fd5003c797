package dev.flopscope.ceiling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.tensor.Nd4jRuntime;
import org.junit.jupiter.api.Test;

class YardstickTest {
    /** Slower than a multiply-add a second, or faster than a thousand vectors a nanosecond, it is no clock at all. */
    @Test
    void itSaysHowFastTheMachineIsEachTimeItIsAsked() {
        try (Nd4jRuntime runtime = Nd4jRuntime.start(2)) {
            Yardstick yardstick = new Yardstick(runtime.workers());
            assertThat(yardstick.sample()).isBetween(1e-9, 32_000.0);
            assertThat(yardstick.sample()).isBetween(1e-9, 32_000.0);
        }
    }
}
