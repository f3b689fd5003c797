package dev.flopscope.flops;

import dev.flopscope.config.NormConfig;

/** The closed forms of a norm, which has parameters and no product. */
record NormForms(NormConfig norm, long width) {
    /** A gain for each column; with LayerNorm, a bias too. */
    long parameters() {
        return norm instanceof NormConfig.Layer ? Exact.product(2, width) : width;
    }
}
