/** Exact arithmetic on rational numbers, polynomials and formulas in letters. Knows nothing of models. */
@NullMarked
package dev.flopscope.polynomial;

import org.jspecify.annotations.NullMarked;
