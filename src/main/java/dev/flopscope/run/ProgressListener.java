package dev.flopscope.run;

/** Told how far a run has come. */
@FunctionalInterface
public interface ProgressListener {
    /** What a run spends its time on. */
    enum Phase {
        /** Allocating and filling weights, counted in layers. */
        WEIGHTS("weights"),
        /** The pass, counted in layers. */
        PASS("forward pass");

        private final String label;

        Phase(String label) {
            this.label = label;
        }

        /** The phase in words. */
        public String label() {
            return label;
        }
    }

    /** {@code done} of {@code total} steps of {@code phase} are done. */
    void advanced(Phase phase, long done, long total);

    /** Listens to nothing. */
    static ProgressListener none() {
        return (phase, done, total) -> {};
    }
}
