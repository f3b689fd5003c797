/**
 * Passes as events of JDK Flight Recorder: a product and a step each, and a recording of one's own. The only room that names
 * {@code jdk.jfr}, which a Java runtime may lack; {@link dev.flopscope.flight.Flight} says whether it is there.
 */
@NullMarked
package dev.flopscope.flight;

import org.jspecify.annotations.NullMarked;
