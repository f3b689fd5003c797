/**
 * Text in, token ids out, and back: GPT-2's byte-pair encoding.
 */
@NullMarked
package dev.flopscope.text;

import org.jspecify.annotations.NullMarked;
