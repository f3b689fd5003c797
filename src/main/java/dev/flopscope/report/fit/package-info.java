/**
 * What {@code fit} shows.
 */
@NullMarked
package dev.flopscope.report.fit;

import org.jspecify.annotations.NullMarked;
