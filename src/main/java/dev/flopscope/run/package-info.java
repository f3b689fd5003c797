/**
 * The composition root: builds a counted forward pass, runs it, and returns an immutable
 * {@link dev.flopscope.run.RunResult}.
 */
@NullMarked
package dev.flopscope.run;

import org.jspecify.annotations.NullMarked;
