/**
 * Samples of every site and operator over repetitions, the pure analysis of them, and the statistics that all rooms share.
 * Nothing here runs a pass or reads a clock; {@code run} does, and hands over a {@link dev.flopscope.profile.Profile}.
 */
@NullMarked
package dev.flopscope.profile;

import org.jspecify.annotations.NullMarked;
