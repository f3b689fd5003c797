/**
 * Checkpoints in the safetensors format: their headers by every rule of the format, and their elements where they lie in the
 * files. Knows no model. Names {@code config} only to refuse data.
 */
@NullMarked
package dev.flopscope.checkpoint;

import org.jspecify.annotations.NullMarked;
