/**
 * What happens between products: norms, rotary positions, softmax, gates, residual sums. Each operator reads a row into a
 * {@code float[]}, where plain loops vectorise, and writes it back.
 */
@NullMarked
package dev.flopscope.backend.cpu.kernel;

import org.jspecify.annotations.NullMarked;
