/**
 * Where the time of a pass goes: the {@link dev.flopscope.time.Timeline} that is told of every span of work, and the
 * tally that adds spans up to wall time. Names {@code count} only, for the names of products.
 */
@NullMarked
package dev.flopscope.time;

import org.jspecify.annotations.NullMarked;
