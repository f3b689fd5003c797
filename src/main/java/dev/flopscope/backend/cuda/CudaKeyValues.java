package dev.flopscope.backend.cuda;

import dev.flopscope.backend.KeyValues;

/**
 * Keys and values of one layer, token by token as projections put them out: sequence after sequence, in a row the heads side by
 * side. A chunk's own are read where they are, so that only a cache is ever copied.
 *
 * @param keys (B·capacity, K·d)
 * @param values (B·capacity, K·dᵥ)
 * @param capacity tokens of each sequence
 */
record CudaKeyValues(CudaTensor keys, CudaTensor values, int capacity) implements KeyValues {
    /**
     * Keys and values of this backend.
     *
     * @throws IllegalArgumentException if they are another's
     */
    static CudaKeyValues of(KeyValues keyValues) {
        return Own.of(CudaKeyValues.class, keyValues, "keys and values");
    }
}
