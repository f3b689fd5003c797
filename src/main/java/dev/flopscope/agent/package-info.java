/**
 * Counts a program that was not changed for it: {@code java -javaagent:flopscope.jar …}.
 */
@NullMarked
package dev.flopscope.agent;

import org.jspecify.annotations.NullMarked;
