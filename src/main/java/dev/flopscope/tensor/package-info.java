/**
 * Float32 matrices on ND4J: starting the library with the right BLAS kernel, allocating memory that
 * nothing has touched yet, and handing rows to kernels.
 */
@NullMarked
package dev.flopscope.tensor;

import org.jspecify.annotations.NullMarked;
