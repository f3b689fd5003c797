/**
 * What was counted in a program on ND4J, as a report.
 */
@NullMarked
package dev.flopscope.report.counter;

import org.jspecify.annotations.NullMarked;
