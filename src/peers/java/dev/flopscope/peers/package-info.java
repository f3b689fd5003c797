/** The same pass by other engines, side by side with Flopscope's: built and started by the Maven profile {@code peers} only. */
@NullMarked
package dev.flopscope.peers;

import org.jspecify.annotations.NullMarked;
