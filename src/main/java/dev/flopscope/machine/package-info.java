/**
 * What the hardware is: CPU, memory, the BLAS library and the kernel it runs. Names no other room.
 */
@NullMarked
package dev.flopscope.machine;

import org.jspecify.annotations.NullMarked;
