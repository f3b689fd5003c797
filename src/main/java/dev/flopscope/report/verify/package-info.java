/**
 * What {@code verify} shows.
 */
@NullMarked
package dev.flopscope.report.verify;

import org.jspecify.annotations.NullMarked;
