/**
 * The interceptor: one decorator around the products of a backend, which tells the tally, the timeline and JDK Flight Recorder
 * of each product and of what lies between products. It never sees a config, so what it reports is what ran. This is the only
 * room that names {@code jdk.jfr}.
 */
@NullMarked
package dev.flopscope.observe;

import org.jspecify.annotations.NullMarked;
