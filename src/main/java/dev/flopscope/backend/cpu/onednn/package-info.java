/**
 * What is used of oneDNN, through its C interface: code generated for one product or one elementwise function, and the blocks
 * in which it likes weights. It knows nothing of models.
 */
@NullMarked
package dev.flopscope.backend.cpu.onednn;

import org.jspecify.annotations.NullMarked;
