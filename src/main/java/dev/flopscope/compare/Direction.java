package dev.flopscope.compare;

/** The verdict on a change of time. */
public enum Direction {
    /** It takes longer, beyond noise and beyond the margin. */
    SLOWER("slower"),
    /** It takes less time, beyond noise and beyond the margin. */
    FASTER("faster"),
    /** The whole interval lies within the margin. */
    EQUAL("equal"),
    /** It is not within the margin, but it changes its phase by less than half a percent. */
    MINOR("minor"),
    /** The interval reaches beyond the margin without lying beyond it, or there are too few repetitions for an interval. */
    CANNOT_TELL("cannot tell"),
    /** The two results are of different work. */
    NOT_COMPARABLE("not comparable");

    private final String label;

    Direction(String label) {
        this.label = label;
    }

    /** The verdict in words, as reports and JSON have it. */
    public String label() {
        return label;
    }
}
