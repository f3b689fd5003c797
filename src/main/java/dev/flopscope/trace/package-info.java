/**
 * Timelines as files that trace viewers open.
 */
@NullMarked
package dev.flopscope.trace;

import org.jspecify.annotations.NullMarked;
