/** Tests, and what tests of several rooms share. */
@NullMarked
package dev.flopscope;

import org.jspecify.annotations.NullMarked;
