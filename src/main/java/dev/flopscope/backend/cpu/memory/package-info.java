/**
 * Float32 matrices on ND4J and the threads that fill them: the library's start with the right BLAS kernel, memory that nothing
 * has touched yet, blocks that products read, and rows that operators read.
 */
@NullMarked
package dev.flopscope.backend.cpu.memory;

import org.jspecify.annotations.NullMarked;
