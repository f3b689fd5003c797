/**
 * The closed forms: FLOPs by kind of product, parameters by part, memory. Pure functions of a config,
 * a batch and a context.
 *
 * <p>This is the expecting half of the honest check: nothing here sees a tensor or an observed shape.
 */
@NullMarked
package dev.flopscope.flops;

import org.jspecify.annotations.NullMarked;
