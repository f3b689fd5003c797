/**
 * FLOPs of any ND4J program: the formula of each operation that has a product, and a ledger of what was executed, by region.
 * Knows nothing of models.
 */
@NullMarked
package dev.flopscope.counter;

import org.jspecify.annotations.NullMarked;
