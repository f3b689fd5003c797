/**
 * The transformer, in the order the papers write it: embedding, blocks of attention and feed-forward, final norm, LM head.
 * There is one forward pass, whether its rows are a prompt, a chunk of one, or a new token. It asks a backend for everything
 * that is computed.
 */
@NullMarked
package dev.flopscope.forward;

import org.jspecify.annotations.NullMarked;
