package dev.flopscope.compare;

/** What two results say of a slow-down by more than a limit. */
public enum SlowDown {
    /** A whole interval lies beyond the limit. */
    SHOWN("shown"),
    /** An interval reaches beyond the limit, there is none, or the machine itself was not the same. */
    NOT_EXCLUDED("not excluded"),
    /** Every interval ends at the limit or below. */
    EXCLUDED("excluded");

    private final String label;

    SlowDown(String label) {
        this.label = label;
    }

    /** In words, as reports and JSON have it. */
    public String label() {
        return label;
    }
}
