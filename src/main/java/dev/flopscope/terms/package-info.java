/**
 * Quantities as polynomials over all sizes of a model's traits, recovered from closed forms of small models, and what tells a
 * claimed polynomial from the true one.
 */
@NullMarked
package dev.flopscope.terms;

import org.jspecify.annotations.NullMarked;
