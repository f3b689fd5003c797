/**
 * The transformer, in the order the papers write it: embedding, blocks of attention and
 * feed-forward, final norm, LM head.
 */
@NullMarked
package dev.flopscope.forward;

import org.jspecify.annotations.NullMarked;
