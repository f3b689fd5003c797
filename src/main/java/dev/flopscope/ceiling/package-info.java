/**
 * What the machine reaches, measured in this process: multiply-adds, memory, products by class of shape. Probes do a
 * fixed amount of work and say how fast it went; a sampler repeats them until they are steady.
 */
@NullMarked
package dev.flopscope.ceiling;

import org.jspecify.annotations.NullMarked;
