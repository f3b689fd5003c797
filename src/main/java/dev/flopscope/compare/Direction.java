package dev.flopscope.compare;

/** The verdict on a change of time. */
public enum Direction {
    /** It takes longer, beyond noise and beyond the margin. */
    SLOWER("slower"),
    /** It takes less time, beyond noise and beyond the margin. */
    FASTER("faster"),
    /** The change is within noise or within the margin. */
    EQUAL("equal within noise"),
    /** All repetitions of one are slower than all of the other, but they are too few for a verdict among so many rows. */
    UNDECIDED("undecided"),
    /** Too few repetitions for any interval. */
    NO_INTERVAL("no interval"),
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
