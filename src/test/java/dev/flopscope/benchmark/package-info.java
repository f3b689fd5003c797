/** Measurements that people start by hand; no test depends on a time. */
@NullMarked
package dev.flopscope.benchmark;

import org.jspecify.annotations.NullMarked;
