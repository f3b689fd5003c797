package dev.flopscope.claims;

/** How a claimed number compares with the actual one. */
public enum Verdict {
    /** The claimed number is the actual one, exactly. */
    HOLDS(true),
    /** The claimed number is the actual one, correctly rounded to the digits that the claim has. */
    ROUNDS(true),
    /** The claimed number is the actual one cut off after those digits, where rounding would have raised the last of them. */
    CUT_OFF(false),
    /** The claimed number is the actual one rounded at one digit more and then rounded again, which leaves it one unit off. */
    ROUNDED_TWICE(false),
    /** The claimed formula has the actual number at the size that it is claimed for, and another one at others. */
    COINCIDES(false),
    /** The claimed number is none of these. */
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
