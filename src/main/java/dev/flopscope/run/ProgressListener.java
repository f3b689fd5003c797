package dev.flopscope.run;

/** Told how far a session has come. */
@FunctionalInterface
public interface ProgressListener {
    /** What a session spends its time on. */
    enum Activity {
        /** Allocating and filling weights, counted in layers. */
        WEIGHTS("weights", "layers"),
        /** Passes over the prompt until they are steady, counted in layers; ends early as soon as they are. */
        WARM_UP("warm-up passes", "layers"),
        /** Measured passes over the prompt, counted in layers. */
        PASSES("forward passes", "layers"),
        /** Decoding until it is steady, counted in tokens; ends early as soon as it is. */
        DECODING_WARM_UP("warm-up decoding", "tokens"),
        /** Tokens decoded one by one after the prompt. */
        DECODING("decoding", "tokens"),
        /** Executing small models for their counts alone, counted in models. */
        SMALL_MODELS("small models", "models"),
        /** Passes with a fault planted in each, counted in faults. */
        PLANTED_FAULTS("planted faults", "faults"),
        /** Measuring what the machine reaches, counted in quantities. */
        CEILINGS("ceilings", "rates");

        private final String label;
        private final String unit;

        Activity(String label, String unit) {
            this.label = label;
            this.unit = unit;
        }

        /** The activity in words. */
        public String label() {
            return label;
        }

        /** What its steps are counted in. */
        public String unit() {
            return unit;
        }
    }

    /** {@code done} of {@code total} steps of {@code activity} are done. */
    void advanced(Activity activity, long done, long total);

    /** Listens to nothing. */
    static ProgressListener none() {
        return (activity, done, total) -> {};
    }
}
