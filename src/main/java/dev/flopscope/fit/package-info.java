/**
 * Formulas recovered from counts alone: small models of one shape, and the polynomials through what was counted in them. Never
 * sees a closed form.
 */
@NullMarked
package dev.flopscope.fit;

import org.jspecify.annotations.NullMarked;
