package dev.flopscope.audit;

/** What became of a claim. */
public enum Verdict {
    /** The claimed number is the actual one, exactly. */
    HOLDS(true),
    /** The claimed number is the actual one, correctly rounded to the digits it pretends to. */
    ROUNDS(true),
    /** The actual number cut off after those digits, where rounding would have raised the last of them. */
    CUT_OFF(false),
    /** The actual number rounded at one digit more, and the result rounded again: one unit away from correct. */
    ROUNDED_TWICE(false),
    /** None of these. */
    OFF(false);

    private final boolean holds;

    Verdict(boolean holds) {
        this.holds = holds;
    }

    /** Whether the claim holds as it is written. */
    public boolean holds() {
        return holds;
    }
}
