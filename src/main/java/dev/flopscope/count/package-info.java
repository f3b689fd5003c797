/**
 * What a product is called and how products are tallied: kind, site, shape, listener, tally.
 *
 * <p>This is the counting half of the honest check. It sees extents that were observed, never a
 * config; {@code flops} is the other half, and the two meet only in {@code audit}. Names no other room.
 */
@NullMarked
package dev.flopscope.count;

import org.jspecify.annotations.NullMarked;
