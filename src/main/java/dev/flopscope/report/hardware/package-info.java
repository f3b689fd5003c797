/**
 * What {@code hardware} shows.
 */
@NullMarked
package dev.flopscope.report.hardware;

import org.jspecify.annotations.NullMarked;
