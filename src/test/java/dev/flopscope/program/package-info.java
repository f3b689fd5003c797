/**
 * The packaged program, started as a user starts it: what only a process of its own can tell, which is how it ends for a
 * shell, its streams, signals, its environment and Java's options. All else that commands do is tested beside them, in
 * {@code dev.flopscope.cli}, without starts.
 */
@NullMarked
package dev.flopscope.program;

import org.jspecify.annotations.NullMarked;
