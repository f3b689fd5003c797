/** The forward pass and its parts once more, in float64, with bounds on how far float32 may be off: what tests hold results against. */
@NullMarked
package dev.flopscope.witness;

import org.jspecify.annotations.NullMarked;
