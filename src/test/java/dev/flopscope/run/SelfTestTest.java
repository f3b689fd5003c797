package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.run.SelfTestResult.Fault;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    @Test
    void all() {
        SelfTestResult result = new SelfTest(ProgressListener.none(), 2).run();
        System.out.println(result.disagreements());
        for (Fault fault : result.faults()) {
            System.out.println(fault);
        }
        assertThat(result.isSound()).isTrue();
    }
}
