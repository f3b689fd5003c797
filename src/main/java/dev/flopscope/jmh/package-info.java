/**
 * FLOPs as secondary results of benchmarks by JMH, which must be on the class path of whoever uses this.
 */
@NullMarked
package dev.flopscope.jmh;

import org.jspecify.annotations.NullMarked;
