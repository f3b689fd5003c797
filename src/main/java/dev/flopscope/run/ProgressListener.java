package dev.flopscope.run;

/** Told how far a run has come. */
@FunctionalInterface
public interface ProgressListener {
    /** What a run spends its time on. */
    enum Phase {
        /** Allocating and filling weights, counted in layers. */
        WEIGHTS("weights", "layers"),
        /** The pass, counted in layers. */
        PASS("forward pass", "layers"),
        /** Passes until they are steady, counted in layers; ends early as soon as they are. */
        WARM_UP("warm-up passes", "layers"),
        /** Measured passes, counted in layers. */
        REPETITIONS("measured passes", "layers"),
        /** Decoding until it is steady, counted in tokens; ends early as soon as it is. */
        DECODING_WARM_UP("warm-up decoding", "tokens"),
        /** Tokens one by one after the pass. */
        DECODING("decoding", "tokens"),
        /** Measuring what the machine reaches, counted in quantities. */
        CEILINGS("ceilings", "rates");

        private final String label;
        private final String unit;

        Phase(String label, String unit) {
            this.label = label;
            this.unit = unit;
        }

        /** The phase in words. */
        public String label() {
            return label;
        }

        /** What its steps are counted in. */
        public String unit() {
            return unit;
        }
    }

    /** {@code done} of {@code total} steps of {@code phase} are done. */
    void advanced(Phase phase, long done, long total);

    /** Listens to nothing. */
    static ProgressListener none() {
        return (phase, done, total) -> {};
    }
}
