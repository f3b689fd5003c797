package dev.flopscope.run;

import dev.flopscope.profile.Steadiness;
import dev.flopscope.profile.WarmUp;
import dev.flopscope.run.ProgressListener.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

/**
 * Does the same work until it is steady, and then several times more.
 *
 * @param progress told of every step of the work
 * @param steadiness when it is steady
 * @param repetitions how often it is measured after that
 */
record Repeater(ProgressListener progress, Steadiness steadiness, int repetitions) {

    /**
     * Warms up.
     *
     * @param phase what to call it
     * @param steps of the work, once
     * @param work tells how many of its steps are done, and gives its wall time in nanoseconds
     */
    WarmUp warmUp(Phase phase, long steps, ToLongFunction<LongConsumer> work) {
        List<Long> walls = new ArrayList<>();
        while (!steadiness.enough(walls)) {
            long before = walls.size() * steps;
            walls.add(work.applyAsLong(done -> progress.advanced(phase, before + done, steadiness.most() * steps)));
        }
        return steadiness.verdict(walls);
    }

    /**
     * Measures.
     *
     * @param phase what to call it
     * @param steps of the work, once
     * @param work tells how many of its steps are done, and gives what was measured
     */
    <T> List<T> measure(Phase phase, long steps, Function<LongConsumer, T> work) {
        List<T> outcomes = new ArrayList<>();
        for (int repetition = 0; repetition < repetitions; repetition++) {
            long before = repetition * steps;
            outcomes.add(work.apply(done -> progress.advanced(phase, before + done, repetitions * steps)));
        }
        return outcomes;
    }
}
