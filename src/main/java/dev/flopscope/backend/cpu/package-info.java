/**
 * The backend on this machine's processor: matrices are ND4J arrays, oneDNN or ND4J's OpenBLAS multiplies them, and worker
 * threads do what lies between products. No other room names these libraries or these threads.
 */
@NullMarked
package dev.flopscope.backend.cpu;

import org.jspecify.annotations.NullMarked;
