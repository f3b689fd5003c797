/**
 * Rows of a sweep: what was measured at which settings, read back from a file, and the exponents fitted to them. Pure data.
 */
@NullMarked
package dev.flopscope.sweep;

import org.jspecify.annotations.NullMarked;
