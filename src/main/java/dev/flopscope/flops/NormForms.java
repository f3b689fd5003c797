package dev.flopscope.flops;

import dev.flopscope.config.NormConfig;

/** The closed forms of a norm, which has parameters and no product. RMSNorm is the only one. */
record NormForms(NormConfig norm, long dModel) {
    /** D for RMSNorm: a gain for each column. */
    long parameters() {
        return dModel;
    }
}
