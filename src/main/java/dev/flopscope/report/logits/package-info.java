/**
 * What {@code logits} shows.
 */
@NullMarked
package dev.flopscope.report.logits;

import org.jspecify.annotations.NullMarked;
