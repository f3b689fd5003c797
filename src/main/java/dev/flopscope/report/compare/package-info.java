/**
 * What {@code compare} shows.
 */
@NullMarked
package dev.flopscope.report.compare;

import org.jspecify.annotations.NullMarked;
