package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.OtherProducts;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.run.Plant.Hands;
import dev.flopscope.run.SelfTestResult.Check;
import dev.flopscope.run.SelfTestResult.Fault;
import dev.flopscope.run.SelfTestResult.Notice;
import dev.flopscope.run.SelfTestResult.Place;
import dev.flopscope.time.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults that are planted in passes, and what must notice each. */
class SelfTestTest {
    private static final List<Long> TOLD = new ArrayList<>();
    private static List<Fault> faults = List.of();

    @BeforeAll
    static void plant() {
        SelfTestResult result = new SelfTest((activity, done, total) -> TOLD.add(done), 2).run();
        assertThat(result.disagreements()).isEmpty();
        assertThat(result.isSound()).isTrue();
        faults = result.faults();
    }

    /**
     * B = 2, T = 6; L = 3, D = 10, H = 4, K = 2, d = 6, F = 17 in two layers, and five experts of F = 7, two of them for each token,
     * in the third. Of lines that follow the first, only their number is held.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "product left out | COUNTS | 1 | layers.1.ffn_down: counted 0 FLOPs, expected 4,080, factor 0; products: none; expected 1 of 12×17×10",
                "product doubled | COUNTS | 1 | layers.0.ffn_up: counted 8,160 FLOPs, expected 4,080, factor 2; products: 1 of 24×10×17; expected 1 of 12×10×17",
                "product run twice | COUNTS | 1 | layers.0.ffn_up: counted 8,160 FLOPs, expected 4,080, factor 2; products: 2 of 12×10×17; expected 1 of 12×10×17",
                "product run for another | COUNTS | 2 | layers.1.k_proj: counted 0 FLOPs, expected 2,880, factor 0; products: none; expected 1 of 12×10×12",
                "extents swapped | COUNTS | 1 | layers.1.ffn_down: counted 4,080 FLOPs, expected 4,080, factor 1; products: 1 of 12×10×17; expected 1 of 12×17×10",
                "result transposed | EXTENTS | 1 | layers.1.ffn_down: extents do not fit: left 12×17, right 17×10, result 10×12",
                "head left out | COUNTS | 2 | layers.1.attn_scores: counted 3,024 FLOPs, expected 3,456, factor 0.875; products: 7 of 6×6×6; expected 8 of 6×6×6",
                "expert left out | COUNTS | 3 | layers.2.ffn_gate: counted ",
                "gate skipped | COUNTS | 7 | layers.0.ffn_gate: counted 0 FLOPs, expected 4,080, factor 0; products: none; expected 1 of 12×10×17",
                "layer skipped | COUNTS | 9 | layers.1.q_proj: counted 0 FLOPs, expected 5,760, factor 0; products: none; expected 1 of 12×10×24",
                "keys and values swapped | LOGITS | 1 | off by 0.11 of the largest from those of a sound pass by openblas, where rounding may make 0.00001",
                "count beyond 2⁶³−1 | OVERFLOW | 1 | ArithmeticException: long overflow",
                "count of a thread lost | COUNTS | 2 | layers.1.attn_scores: counted 1,728 FLOPs, expected 3,456, factor 0.5; products: 4 of 6×6×6; expected 8 of 6×6×6",
                "counted and not computed | LOGITS | 1 | off by 0.15 of the largest",
                "wrong transpose | LOGITS | 1 | off by 0.00029 of the largest"
            })
    void everyFaultIsNoticedByTheCheckThatMust(String name, Check check, int lines, String line) {
        Fault fault = faults.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(fault.check()).isEqualTo(check);
        assertThat(fault.isNoticed()).isTrue();
        assertThat(fault.lines()).hasSize(lines).first().asString().startsWith(line);
    }

    /** The table above has every fault, and whoever waits is told of each. */
    @Test
    void noFaultIsMissingHere() throws NoSuchMethodException {
        Stream<String> named = Stream.of(SelfTestTest.class
                        .getDeclaredMethod(
                                "everyFaultIsNoticedByTheCheckThatMust",
                                String.class,
                                Check.class,
                                int.class,
                                String.class)
                        .getAnnotation(CsvSource.class)
                        .value())
                .map(row -> row.substring(0, row.indexOf('|')).strip());
        assertThat(faults.stream().map(Fault::name)).containsExactlyElementsOf(named.toList());
        assertThat(TOLD).startsWith(0L).endsWith((long) faults.size()).hasSize(faults.size() + 1);
    }

    /** What only logits can see must not be seen by counts: the fault would be another than it says. */
    @Test
    void faultsOfValuesLeaveCountsAsTheyAre() {
        assertThat(faults.stream().filter(fault -> fault.check() == Check.LOGITS))
                .hasSize(3)
                .allSatisfy(fault -> assertThat(fault.noticedBy()).containsExactly(Check.LOGITS));
    }

    @Test
    void aFaultThatNothingNoticesFails() {
        SelfTestResult result = BlindSelfTest.of(ProgressListener.none(), 1).run();
        assertThat(result.disagreements()).isEmpty();
        assertThat(result.unnoticed())
                .singleElement()
                .extracting(Fault::name, Fault::notices)
                .containsExactly(BlindSelfTest.NAME, List.of());
        assertThat(result.isSound()).isFalse();
    }

    /** If counts saw nothing, logits would still notice what is left out; that must not count. */
    @Test
    void aFaultThatOnlyAnotherCheckNoticesFails() {
        Supplier<Plant> keysForValues = PlantedFaults.ALL.stream()
                .filter(fault -> fault.name().equals("keys and values swapped"))
                .findFirst()
                .orElseThrow()
                .plants();
        SelfTestResult result = BlindSelfTest.of(
                        1, new PlantedFault("seen by logits", Place.ABOVE, Check.COUNTS, keysForValues))
                .run();
        assertThat(result.unnoticed())
                .singleElement()
                .extracting(Fault::name, Fault::noticedBy, Fault::lines)
                .containsExactly("seen by logits", List.of(Check.LOGITS), List.of());
        assertThat(result.isSound()).isFalse();
    }

    /** A checker that cries at everything notices every fault, and is told by the pass that has none. */
    @Test
    void aPassWithoutAFaultThatDisagreesFails() {
        Instruments usual = Instruments.ofThisMachine(ProgressListener.none(), Timeline.none(), line -> {});
        Plant twice = (asked, hands) -> {
            asked.by(hands.beneath());
            if (asked.site().equals(MatmulSite.lmHead())) {
                asked.by(hands.beneath());
            }
        };
        Instruments crying = new Instruments(
                usual.progress(),
                usual.listener(),
                usual.backend(),
                usual.ceilings(),
                usual.calibration(),
                usual.warn(),
                context -> new OtherProducts(
                        context,
                        new PlantedProducts(twice, new Hands(context.products(), context.products(), new NoMemory()))));
        SelfTestResult result = new SelfTest(crying, ProgressListener.none(), 1, PlantedFaults.ALL.subList(0, 1)).run();
        assertThat(result.unnoticed()).isEmpty();
        assertThat(result.disagreements())
                .singleElement()
                .extracting(Notice::check, Notice::line)
                .containsExactly(
                        Check.COUNTS,
                        "lm_head: counted 11,040 FLOPs, expected 5,520, factor 2; products: 2 of 12×10×23;"
                                + " expected 1 of 12×10×23");
        assertThat(result.isSound()).isFalse();
    }

    /** Nothing is taken from it. */
    private static final class NoMemory implements Allocator {
        @Override
        public Tensor zeros(long rows, long columns) {
            throw new IllegalStateException("no operands are made");
        }

        @Override
        public long allocatedBytes() {
            return 0;
        }

        @Override
        public void close() {
            // There is nothing to free.
        }
    }
}
