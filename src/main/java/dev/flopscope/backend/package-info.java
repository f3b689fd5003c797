/**
 * The boundary between the forward pass and whatever computes it: opaque tensors, products, and the operations between
 * products. An engine is an implementation of {@link dev.flopscope.backend.Backend}; nothing above this room knows where
 * memory lies, which thread works, or which library multiplies.
 */
@NullMarked
package dev.flopscope.backend;

import org.jspecify.annotations.NullMarked;
