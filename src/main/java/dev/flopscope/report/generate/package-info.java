/**
 * What {@code generate} shows: a text that was continued, and how fast.
 */
@NullMarked
package dev.flopscope.report.generate;

import org.jspecify.annotations.NullMarked;
