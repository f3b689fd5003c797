/**
 * What {@code sweep} shows.
 */
@NullMarked
package dev.flopscope.report.sweep;

import org.jspecify.annotations.NullMarked;
