package dev.flopscope.config;

/** How much of a model's weights is really in memory. */
public enum WeightsMode {
    /** Every layer has matrices of its own. */
    FULL("full"),
    /** All layers read one layer's matrices: the same products and counts in a fraction of the memory. */
    SHARED("shared");

    private final String label;

    WeightsMode(String label) {
        this.label = label;
    }

    /** The value of {@code --weights}. */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }
}
