/**
 * What {@code run} shows, and what is said of any measurement.
 */
@NullMarked
package dev.flopscope.report.run;

import org.jspecify.annotations.NullMarked;
