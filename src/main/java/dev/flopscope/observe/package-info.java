/**
 * The interceptor: one decorator around the products of a backend, which tells the tally, the timeline and JDK Flight Recorder
 * of each product and of what lies between products; and beneath it, where asked for, proofs that products are computed. Neither
 * sees a config, so what they report is what ran. This is the only room that names {@code jdk.jfr}.
 */
@NullMarked
package dev.flopscope.observe;

import org.jspecify.annotations.NullMarked;
