/**
 * What repeated passes show: raw samples of every site and step, and the pure analysis of them. Nothing here runs a pass or
 * reads a clock; {@code run} does, and hands over a {@link dev.flopscope.profile.Profile}.
 */
@NullMarked
package dev.flopscope.profile;

import org.jspecify.annotations.NullMarked;
