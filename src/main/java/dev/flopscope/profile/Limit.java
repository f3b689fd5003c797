package dev.flopscope.profile;

/** What limits products, and so what to expect of them. */
public enum Limit {
    /** Products reach what their shape class reaches on this machine. */
    SHAPE_CLASS,
    /**
     * Their shape class and memory both limit them: every operand comes from memory each time, as a weight does for each
     * decoded token. The class alone promises too much for a product of few rows, since its ceiling was measured with more.
     */
    MEMORY,
    /** The caches hold all operands from one time to the next. Of what was measured, only compute limits these products. */
    CACHES
}
