/**
 * What happens between products: RMSNorm, rotary positions, softmax, the gate, residual sums. Each
 * kernel reads a row into a {@code float[]}, where plain loops vectorise, and writes it back.
 */
@NullMarked
package dev.flopscope.kernel;

import org.jspecify.annotations.NullMarked;
