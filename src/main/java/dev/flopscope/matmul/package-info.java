/**
 * The {@link dev.flopscope.matmul.Matmul} port through which every product of a pass goes, the one
 * engine behind it, and the decorators that count and time.
 */
@NullMarked
package dev.flopscope.matmul;

import org.jspecify.annotations.NullMarked;
