/**
 * The picocli commands: they parse, call the rooms below, and choose the exit code.
 */
@NullMarked
package dev.flopscope.cli;

import org.jspecify.annotations.NullMarked;
