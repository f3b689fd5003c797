package dev.flopscope.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.compare.ResultComparison.By;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Seeded pairs of made-up results: how often noise makes a verdict, and how often a change gets one. */
class NoiseTest {
    private static final int KINDS = 10;
    private static final int PAIRS = 1_500;
    /** Three standard deviations of a rate of 5 % in so many pairs. */
    private static final double LEVEL = 0.05 + 3 * Math.sqrt(0.05 * 0.95 / PAIRS);

    /** What repetitions of one thing may look like, all without a change. */
    enum Noise {
        LOG_NORMAL,
        LONG_TAIL,
        OUTLIERS,
        TWO_SPEEDS,
        COARSE_CLOCK;

        List<Double> samples(Random random, int count) {
            return Results.samples(count, () -> repetition(random));
        }

        private double repetition(Random random) {
            double deviate = random.nextGaussian();
            return switch (this) {
                case LOG_NORMAL -> Math.exp(0.1 * deviate);
                case LONG_TAIL -> 1 - 0.1 * Math.log(1 - random.nextDouble());
                case OUTLIERS -> (1 + 0.01 * deviate) * (random.nextInt(5) == 0 ? 3 : 1);
                case TWO_SPEEDS -> (1 + 0.001 * deviate) * (random.nextBoolean() ? 1.3 : 1);
                case COARSE_CLOCK -> Math.round(10 * (1 + 0.2 * deviate)) / 10.0;
            };
        }
    }

    /** With no margin to help: the whole family of rows at 5 %, and the pass at 5 %. */
    @ParameterizedTest
    @EnumSource
    void noiseMakesNoVerdictMoreOftenThanStated(Noise noise) {
        for (int repetitions : new int[] {5, 10}) {
            Random random = new Random(41);
            int falsePasses = 0;
            int falseRows = 0;
            for (int pair = 0; pair < PAIRS; pair++) {
                ResultComparison comparison = ResultComparison.of(
                        result(noise, random, repetitions), result(noise, random, repetitions), By.KIND, 0);
                falsePasses += called(comparison.pass()) ? 1 : 0;
                falseRows += comparison.rows().stream().anyMatch(NoiseTest::called) ? 1 : 0;
            }
            assertThat((double) falsePasses / PAIRS)
                    .as("%d repetitions, pass", repetitions)
                    .isLessThan(LEVEL);
            assertThat((double) falseRows / PAIRS)
                    .as("%d repetitions, rows", repetitions)
                    .isLessThan(LEVEL);
        }
    }

    /** Repetitions that resemble the one before, in processes that differ by 1 %: the margin is there for them. */
    @Test
    void driftWithinTheMarginMakesNoVerdict() {
        Random random = new Random(42);
        int falseVerdicts = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            ResultComparison comparison = ResultComparison.of(drifting(random), drifting(random), By.KIND, 0.05);
            falseVerdicts +=
                    called(comparison.pass()) || comparison.rows().stream().anyMatch(NoiseTest::called) ? 1 : 0;
        }
        assertThat((double) falseVerdicts / PAIRS).isLessThan(0.01);
    }

    @Test
    void aChangeOfTwoKindsIsFoundAndNoOtherBlamed() {
        Random random = new Random(43);
        int found = 0;
        int blamed = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            List<List<Double>> before = new ArrayList<>();
            List<List<Double>> after = new ArrayList<>();
            for (int kind = 0; kind < KINDS; kind++) {
                double factor = kind < 2 ? 1.15 : 1;
                before.add(Results.samples(10, () -> 1 + 0.02 * random.nextGaussian()));
                after.add(Results.samples(10, () -> factor * (1 + 0.02 * random.nextGaussian())));
            }
            ResultComparison comparison = ResultComparison.of(
                    Results.of("m", before.get(9), before), Results.of("m", after.get(9), after), By.KIND, 0.05);
            List<Change> slower = comparison.withVerdict(Direction.SLOWER);
            found += slower.stream()
                                    .filter(change -> change.a().kind().matches("kind[01]"))
                                    .count()
                            == 2
                    ? 1
                    : 0;
            blamed += comparison.rows().subList(2, KINDS).stream().anyMatch(NoiseTest::called) ? 1 : 0;
        }
        assertThat((double) found / PAIRS).isGreaterThan(0.99);
        assertThat((double) blamed / PAIRS).isLessThan(0.01);
    }

    /** The stated confidence of a single interval, where the true factor is known to be 1.3. */
    @Test
    void intervalsHoldTheTrueFactorAsOftenAsStated() {
        Random random = new Random(44);
        int held = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            List<Double> a = Noise.LONG_TAIL.samples(random, 6);
            List<Double> b = Noise.LONG_TAIL.samples(random, 7).stream()
                    .map(x -> 1.3 * x)
                    .toList();
            ResultComparison comparison =
                    ResultComparison.of(Results.of("m", a, List.of(a)), Results.of("m", b, List.of(b)), By.KIND, 0.05);
            Interval interval = comparison.pass().interval().orElseThrow();
            held += interval.low() <= 1.3 && 1.3 <= interval.high() ? 1 : 0;
        }
        assertThat(1 - (double) held / PAIRS).isLessThan(LEVEL);
    }

    private static SavedResult result(Noise noise, Random random, int repetitions) {
        List<List<Double>> kinds = new ArrayList<>();
        for (int kind = 0; kind < KINDS; kind++) {
            kinds.add(noise.samples(random, repetitions));
        }
        return Results.of("m", noise.samples(random, repetitions), kinds);
    }

    private static SavedResult drifting(Random random) {
        double process = 1 + 0.01 * random.nextGaussian();
        List<List<Double>> kinds = new ArrayList<>();
        for (int kind = 0; kind < KINDS; kind++) {
            kinds.add(new ArrayList<>());
        }
        double drift = 0.01 * random.nextGaussian();
        for (int repetition = 0; repetition < 8; repetition++) {
            drift = 0.7 * drift + 0.007 * random.nextGaussian();
            for (List<Double> kind : kinds) {
                kind.add(process * (1 + drift + 0.005 * random.nextGaussian()));
            }
        }
        return Results.of("m", kinds.get(0), kinds);
    }

    private static boolean called(Change change) {
        return change.direction() == Direction.SLOWER || change.direction() == Direction.FASTER;
    }
}
