package dev.flopscope.run;

import dev.flopscope.profile.Steadiness;

/**
 * How often a session measures each phase, and what it does before that.
 *
 * @param preparationNanoseconds how long each phase is prepared in this process, at least; 0 for as long as it takes once
 * @param warmUp when repetitions that are not measured have been enough
 * @param repetitions how many are measured after those, at least 1
 * @param calibrated whether the machine's speed is measured before each repetition of the prompt
 * @param proven the part of the rows of each product that is checked by a test that sees wrong entries; 0 if none is
 */
record Sampling(long preparationNanoseconds, Steadiness warmUp, int repetitions, boolean calibrated, double proven) {
    /** Nothing is proven. */
    Sampling(long preparationNanoseconds, Steadiness warmUp, int repetitions, boolean calibrated) {
        this(preparationNanoseconds, warmUp, repetitions, calibrated, 0);
    }

    /**
     * The same, with each product proven by {@code share} of its rows; with none if that is 0. There is twice as much for HotSpot
     * to compile before the first pass.
     */
    Sampling proving(double share) {
        long preparation = share > 0 ? 2 * preparationNanoseconds : preparationNanoseconds;
        return new Sampling(preparation, warmUp, repetitions, calibrated, share);
    }

    /** Whether products are proven. */
    boolean proves() {
        return proven > 0;
    }

    /** HotSpot takes less to compile the kernels, and most of what is between them. */
    private static final long TO_COMPILE = 800_000_000;

    /** One repetition, after the code has been compiled. */
    static Sampling once() {
        return new Sampling(TO_COMPILE, Steadiness.within(0), 1, false);
    }

    /** One repetition, of which only counts or logits matter. */
    static Sampling uncompiled() {
        return new Sampling(0, Steadiness.within(0), 1, false);
    }

    /** {@code repetitions} of them, after one that is not measured. */
    static Sampling row(int repetitions) {
        return new Sampling(TO_COMPILE, Steadiness.within(1), repetitions, false);
    }

    /**
     * {@code repetitions} of them with the machine's speed before each, as soon as {@code warmUp} says so; repetitions that warm
     * up let HotSpot compile as well.
     */
    static Sampling profile(Steadiness warmUp, int repetitions) {
        return new Sampling(0, warmUp, repetitions, true);
    }
}
