package dev.flopscope.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.compare.ResultComparison.By;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResultComparisonTest {
    private static final List<Double> BASE = List.of(1.00, 1.01, 1.02, 1.03, 1.04);

    private static List<Double> times(double factor) {
        return BASE.stream().map(seconds -> seconds * factor).toList();
    }

    private static ResultComparison compare(double margin, List<Double> pass, List<List<Double>> kinds) {
        List<List<Double>> base = kinds.stream().map(kind -> BASE).toList();
        return ResultComparison.of(Results.of("m", BASE, base), Results.of("m", pass, kinds), By.KIND, margin);
    }

    private static List<Direction> directions(ResultComparison comparison) {
        return comparison.rows().stream().map(Change::direction).toList();
    }

    @Test
    void aResultEqualsItself() {
        ResultComparison comparison = compare(0.05, BASE, List.of(BASE, BASE));
        assertThat(comparison.pass().timeFactor()).isEqualTo(1);
        assertThat(comparison.pass().direction()).isEqualTo(Direction.EQUAL);
        assertThat(directions(comparison)).containsOnly(Direction.EQUAL);
        assertThat(comparison.slowDown(0.05)).isEqualTo(SlowDown.EXCLUDED);
    }

    /** The repetitions differ by some 2 %: nothing narrower than that can be called equal. */
    @Test
    void whatReachesBeyondTheMarginIsNotCalledEqual() {
        ResultComparison comparison = compare(0.001, BASE, List.of(BASE));
        assertThat(comparison.pass().interval().orElseThrow().high()).isGreaterThan(1.001);
        assertThat(comparison.pass().direction()).isEqualTo(Direction.CANNOT_TELL);
        assertThat(directions(comparison)).containsExactly(Direction.CANNOT_TELL);
        assertThat(comparison.slowDown(0.001)).isEqualTo(SlowDown.NOT_EXCLUDED);
    }

    /** As in a real file: 1.5 times as long with an interval from 0.8 to 2.3 is anything but equal. */
    @Test
    void aWideIntervalCannotTell() {
        List<Double> a = List.of(1.0, 1.1, 1.9, 1.0, 2.0, 1.2);
        List<Double> b = List.of(1.8, 1.1, 2.3, 1.0, 2.2, 1.9);
        ResultComparison comparison =
                ResultComparison.of(Results.of("m", a, List.of(a)), Results.of("m", b, List.of(b)), By.KIND, 0.05);
        assertThat(comparison.pass().direction()).isEqualTo(Direction.CANNOT_TELL);
        assertThat(comparison.slowDown(0.05)).isEqualTo(SlowDown.NOT_EXCLUDED);
    }

    @Test
    void aChangeBeyondNoiseIsCalledAndOneWithinTheMarginIsNot() {
        List<List<Double>> kinds = List.of(times(1.2), BASE, times(0.8), times(1.06));
        assertThat(directions(compare(0.05, times(1.2), kinds)))
                .containsExactly(Direction.SLOWER, Direction.EQUAL, Direction.FASTER, Direction.CANNOT_TELL);
        // Of 1.06 times, the interval reaches below 1.05, but not below 1.01.
        assertThat(directions(compare(0.01, times(1.2), kinds)))
                .containsExactly(Direction.SLOWER, Direction.CANNOT_TELL, Direction.FASTER, Direction.SLOWER);
    }

    /** 2/252 is above 5 % of one in ten, below 5 % of two in ten. */
    @Test
    void oneRowOfTenCannotBeToldAfterFiveRepetitionsAndTwoAreCalled() {
        List<List<Double>> one = IntStream.range(0, 10)
                .mapToObj(kind -> kind == 3 ? times(1.5) : BASE)
                .toList();
        ResultComparison comparison = compare(0.05, BASE, one);
        assertThat(comparison.withVerdict(Direction.CANNOT_TELL))
                .extracting(change -> change.a().kind())
                .containsExactly("kind3");
        assertThat(comparison.withVerdict(Direction.EQUAL)).hasSize(9);
        assertThat(comparison.repetitionsForEveryRow()).isEqualTo(6);

        List<List<Double>> two = IntStream.range(0, 10)
                .mapToObj(kind -> kind == 3 || kind == 4 ? times(1.5) : BASE)
                .toList();
        assertThat(compare(0.05, BASE, two).withVerdict(Direction.SLOWER)).hasSize(2);
    }

    @Test
    void theIntervalOfWhatIsCalledIsBeyondTheMargin() {
        ResultComparison comparison = compare(0.05, times(1.2), List.of(times(1.2), times(0.8), BASE));
        assertThat(comparison.rows().get(0).interval().orElseThrow().low()).isGreaterThan(1.05);
        assertThat(comparison.rows().get(1).interval().orElseThrow().high()).isLessThan(1 / 1.05);
        assertThat(comparison.rowConfidence()).isCloseTo(1 - 0.05 * 2 / 3, within(1e-12));
        assertThat(comparison.passConfidence()).isCloseTo(0.95, within(1e-12));
    }

    @Test
    void threeRepetitionsGiveNoIntervalHoweverFarApart() {
        List<Double> a = List.of(1.0, 1.0, 1.0);
        List<Double> b = List.of(9.0, 9.0, 9.0);
        ResultComparison comparison =
                ResultComparison.of(Results.of("m", a, List.of(a)), Results.of("m", b, List.of(b)), By.KIND, 0);
        assertThat(comparison.pass().timeFactor()).isEqualTo(9);
        assertThat(comparison.pass().interval()).isEmpty();
        assertThat(comparison.pass().direction()).isEqualTo(Direction.CANNOT_TELL);
        assertThat(comparison.slowDown(0.05)).isEqualTo(SlowDown.NOT_EXCLUDED);
    }

    @Test
    void otherWorkDoesNotCompare() {
        ResultComparison comparison = ResultComparison.of(
                Results.of("small", BASE, List.of(BASE)), Results.of("large", times(3), List.of(times(3))), By.KIND, 0);
        assertThat(comparison.comparable()).isFalse();
        assertThat(comparison.workDifferences()).containsExactly(new Difference("model.name", "small", "large"));
        assertThat(comparison.pass().direction()).isEqualTo(Direction.NOT_COMPARABLE);
        assertThat(directions(comparison)).containsExactly(Direction.NOT_COMPARABLE);
        assertThat(comparison.slowDown(0.05)).isEqualTo(SlowDown.NOT_EXCLUDED);
    }

    @Test
    void aSlowDownIsShownByTheWholeIntervalAndExcludedByTheWholeInterval() {
        ResultComparison comparison = compare(0.05, times(1.2), List.of(times(1.2)));
        double low = comparison.pass().interval().orElseThrow().low();
        assertThat(low).isStrictlyBetween(1.15, 1.2);
        double high = comparison.pass().interval().orElseThrow().high();
        assertThat(comparison.slowDown(low - 1 - 1e-6)).isEqualTo(SlowDown.SHOWN);
        assertThat(comparison.slowDown(low - 1 + 1e-6)).isEqualTo(SlowDown.NOT_EXCLUDED);
        assertThat(comparison.slowDown(high - 1 - 1e-6)).isEqualTo(SlowDown.NOT_EXCLUDED);
        assertThat(comparison.slowDown(high - 1 + 1e-6)).isEqualTo(SlowDown.EXCLUDED);
    }

    /** Half the FLOPs in 0.8 of the time is 0.625 of the rate. */
    @Test
    void aChangeOfTimeIsAChangeOfWorkOverAChangeOfRate() {
        Series a = new Series("attn_scores", OptionalInt.empty(), OptionalLong.of(1000), List.of(10.0));
        Series b = new Series("attn_scores", OptionalInt.empty(), OptionalLong.of(500), List.of(8.0));
        Change change = new Change(a, b, 0.8, java.util.Optional.empty(), Direction.CANNOT_TELL);
        assertThat(change.workFactor()).hasValue(0.5);
        assertThat(change.rateFactor()).hasValue(0.625);
        assertThat(change.secondsMore()).isEqualTo(-2);
        Series step = new Series("softmax", OptionalInt.empty(), OptionalLong.empty(), List.of(1.0));
        assertThat(new Change(step, step, 1, java.util.Optional.empty(), Direction.EQUAL).rateFactor())
                .isEmpty();
    }

    private static SavedResult timed(double pass, double calibration, String threads) {
        SavedResult result = Results.of("m", times(pass), List.of(times(pass)));
        return new SavedResult(
                result.file(),
                result.work(),
                new TreeMap<>(Map.of("machine.cpu", "some", "machine.cores", "4", "engine.threads", threads)),
                Optional.of(
                        new Series("speed calibration", OptionalInt.empty(), OptionalLong.empty(), times(calibration))),
                result.prefill(),
                Optional.empty());
    }

    private static Direction ofPass(SavedResult a, SavedResult b) {
        return ResultComparison.of(a, b, By.KIND, 0.05).pass().direction();
    }

    @Test
    void whatTheMachineItselfWasSlowerByIsNoVerdict() {
        SavedResult a = timed(1, 1, "2");
        assertThat(ofPass(a, timed(1.2, 1, "2"))).isEqualTo(Direction.SLOWER);
        assertThat(ofPass(a, timed(1.2, 1.2, "2"))).isEqualTo(Direction.CANNOT_TELL);
        assertThat(ofPass(a, timed(1.5, 1.2, "2"))).isEqualTo(Direction.SLOWER);
        assertThat(ofPass(timed(1.2, 1.2, "2"), a)).isEqualTo(Direction.CANNOT_TELL);
        assertThat(ofPass(timed(1.5, 1.2, "2"), a)).isEqualTo(Direction.FASTER);
        ResultComparison slower = ResultComparison.of(a, timed(1.2, 1.2, "2"), By.KIND, 0.05);
        assertThat(slower.speedCalibration().orElseThrow().timeFactor()).isCloseTo(1.2, within(1e-12));
        assertThat(slower.slowDown(0.05)).isEqualTo(SlowDown.NOT_EXCLUDED);
        assertThat(slower.withVerdict(Direction.SLOWER)).isEmpty();
    }

    /** It may be a program that became faster, or the calibration may be wrong. */
    @Test
    void aPassThatTakesAsLongOnASlowerMachineIsNotCalledEqual() {
        assertThat(ofPass(timed(1, 1, "2"), timed(1, 1.5, "2"))).isEqualTo(Direction.CANNOT_TELL);
    }

    @Test
    void speedCalibrationsOfOtherThreadsDoNotCount() {
        ResultComparison comparison = ResultComparison.of(timed(1, 1, "2"), timed(1.5, 1.5, "1"), By.KIND, 0.05);
        assertThat(comparison.speedCalibration()).isEmpty();
        assertThat(comparison.pass().direction()).isEqualTo(Direction.SLOWER);
    }

    /** A kind of a thousandth of the pass may take three times as long; a hundredth may not. */
    @Test
    void aChangeOfLessThanHalfAPercentOfThePassIsNoVerdict() {
        List<List<Double>> before = List.of(times(0.001), times(0.01), BASE);
        List<List<Double>> after = List.of(times(0.003), times(0.03), BASE);
        ResultComparison comparison =
                ResultComparison.of(Results.of("m", BASE, before), Results.of("m", BASE, after), By.KIND, 0.05);
        assertThat(directions(comparison)).containsExactly(Direction.MINOR, Direction.SLOWER, Direction.EQUAL);
    }

    @Test
    void rowsAreMatchedByKindAndLayer() {
        List<Series> before = sites(1, 2, 3);
        List<Series> after = sites(3, 1, 4);
        SavedResult a = Results.of("m", BASE, List.of(BASE));
        SavedResult b = Results.of("m", BASE, List.of(BASE));
        ResultComparison comparison =
                ResultComparison.of(Results.withSites(a, before), Results.withSites(b, after), By.SITE, 0);
        assertThat(comparison.rows())
                .extracting(change -> change.a().layer().getAsInt(), Change::timeFactor)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, 1.0), org.assertj.core.groups.Tuple.tuple(3, 1.0));
    }

    private static List<Series> sites(int... layers) {
        return IntStream.of(layers)
                .mapToObj(layer ->
                        new Series("q_proj", OptionalInt.of(layer), OptionalLong.of(10), List.of((double) layer)))
                .toList();
    }

    @Test
    void decodingOfAsManyTokensHasRowsAfterThoseOfThePass() {
        SavedResult a = Results.of("m", BASE, List.of(BASE));
        for (By by : By.values()) {
            ResultComparison comparison =
                    ResultComparison.of(Results.decoding(a, 8, BASE), Results.decoding(a, 8, times(1.5)), by, 0.05);
            assertThat(comparison.rows())
                    .extracting(change -> change.a().kind())
                    .endsWith("decode kind0", "decode")
                    .hasSize(by == By.KIND ? 3 : 2);
            assertThat(comparison.decode()).map(Change::direction).contains(Direction.SLOWER);
            assertThat(comparison.pass().direction()).isEqualTo(Direction.EQUAL);
            assertThat(comparison.leavesDecodingOut()).isFalse();
        }
    }

    /** The pass compares all the same. */
    @Test
    void decodingOfAnotherNumberOfTokensIsLeftOut() {
        SavedResult a = Results.of("m", BASE, List.of(BASE));
        SavedResult decoded = Results.decoding(a, 8, BASE);
        for (SavedResult other : List.of(a, Results.decoding(a, 9, BASE))) {
            ResultComparison comparison = ResultComparison.of(decoded, other, By.KIND, 0.05);
            assertThat(comparison.leavesDecodingOut()).isTrue();
            assertThat(comparison.decode()).isEmpty();
            assertThat(comparison.rows())
                    .extracting(change -> change.a().kind())
                    .containsExactly("kind0");
            assertThat(comparison.comparable()).isTrue();
        }
        assertThat(ResultComparison.of(a, a, By.KIND, 0.05).leavesDecodingOut()).isFalse();
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        List<Double> samples = DoubleStream.of(4, 1, 3, 2).boxed().toList();
        assertThat(new Series("k", OptionalInt.empty(), OptionalLong.empty(), samples).median())
                .isEqualTo(2.5);
    }
}
