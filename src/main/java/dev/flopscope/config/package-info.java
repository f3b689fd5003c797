/**
 * What to run: {@link dev.flopscope.config.ModelConfig}, the reader of its JSON, and the
 * {@link dev.flopscope.config.RunSpec} of one pass. Names no other room.
 */
@NullMarked
package dev.flopscope.config;

import org.jspecify.annotations.NullMarked;
