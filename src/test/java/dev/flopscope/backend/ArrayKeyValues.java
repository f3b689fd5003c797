package dev.flopscope.backend;

/**
 * Keys and values of one layer: {@code capacity} rows a sequence, with all key/value heads side by side.
 *
 * @param keys (B·capacity, K·d)
 * @param values (B·capacity, K·d)
 * @param capacity the most tokens of each sequence
 */
record ArrayKeyValues(ArrayTensor keys, ArrayTensor values, int capacity) implements KeyValues {}
