package dev.flopscope.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

class FlopsExtensionTest {
    /** Tests that a user could have; they run inside of the tests below. */
    static final class Users {
        /** What happens before a test is not part of it. */
        @BeforeEach
        void prepare() {
            multiply();
        }

        private static void multiply() {
            Nd4j.ones(DataType.FLOAT, 3, 5).mmul(Nd4j.ones(DataType.FLOAT, 5, 7));
        }

        @Test
        @Flops(expected = 2 * 3 * 5 * 7)
        void right() {
            multiply();
        }

        @Test
        @Flops(
                formula = "2*rows*in*out",
                where = {"rows=3", "in = 5", "out=7"})
        void rightByFormula() {
            multiply();
        }

        @Test
        @Flops(expected = 3 * 5 * 7)
        void wrong() {
            multiply();
        }

        @Test
        @Flops(expected = 0)
        void mayHoldProducts() {
            Nd4j.exec(DynamicCustomOp.builder("cholesky")
                    .addInputs(Nd4j.eye(3).castTo(DataType.FLOAT))
                    .build());
        }

        @Test
        @Flops(expected = 0, allowUncounted = true)
        void allowed() {
            mayHoldProducts();
        }

        @Test
        @Flops(expected = 0)
        void failsByItself() {
            multiply();
            throw new IllegalStateException("its own failure");
        }

        @Test
        @Flops
        void saysNothing() {}

        @Test
        @Flops(expected = 1, formula = "1")
        void saysBoth() {}

        @Test
        @Flops(formula = "2*rows", where = "rows")
        void saysNoSize() {}

        @Test
        @Flops(formula = "2*columns", where = "rows=3")
        void namesNoSize() {}
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "right | ",
                "rightByFormula | ",
                "allowed | ",
                "wrong | expected 105 FLOPs, counted 210, 2.0 times as many",
                "mayHoldProducts | expected that everything is counted",
                "failsByItself | its own failure",
                "saysNothing | @Flops needs a number or a formula, and not both",
                "saysBoth | @Flops needs a number or a formula, and not both",
                "saysNoSize | @Flops: \"rows\" is not of the form name=size",
                "namesNoSize | \"2*columns\": ",
            })
    void testsFailWhereTheirFlopsAreOthers(String test, String message) {
        Optional<String> failure = EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(Users.class, test))
                .execute()
                .testEvents()
                .finished()
                .stream()
                .map(FlopsExtensionTest::failure)
                .findFirst()
                .orElseThrow();
        if (message == null) {
            assertThat(failure).isEmpty();
        } else {
            assertThat(failure.orElseThrow()).startsWith(message);
        }
    }

    private static Optional<String> failure(Event event) {
        return event.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class)
                .getThrowable()
                .map(Throwable::getMessage);
    }
}
