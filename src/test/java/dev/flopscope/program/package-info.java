/** The packaged program, started as a user starts it: exit codes, outputs, and what goes to which stream. */
@NullMarked
package dev.flopscope.program;

import org.jspecify.annotations.NullMarked;
