/**
 * Sweeps: which combinations there are, the row that each gets, files of rows and how a sweep goes on from one, and the
 * exponents fitted to rows. Nothing here runs a pass; {@code run} does.
 */
@NullMarked
package dev.flopscope.sweep;

import org.jspecify.annotations.NullMarked;
