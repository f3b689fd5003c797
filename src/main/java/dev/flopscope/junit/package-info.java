/**
 * FLOPs as part of a test of JUnit Jupiter, which must be on the class path of whoever uses this.
 */
@NullMarked
package dev.flopscope.junit;

import org.jspecify.annotations.NullMarked;
