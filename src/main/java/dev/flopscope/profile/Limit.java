package dev.flopscope.profile;

/** What holds products down, and so what to expect of them. */
public enum Limit {
    /** What products of their shape class reach here. */
    SHAPE_CLASS,
    /**
     * That, and the way to memory: every operand comes from there each time, as a weight does for each decoded token. The class
     * alone says too much of a product of few rows, since its ceiling was measured with more of them.
     */
    MEMORY,
    /** Neither: the caches hold all operands from one time to the next. Of what was measured, compute alone bounds them. */
    CACHES
}
