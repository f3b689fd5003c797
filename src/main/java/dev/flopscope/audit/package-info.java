/** Where counted meets expected: reconciliation site by site, and of what was allocated with what it should be. */
@NullMarked
package dev.flopscope.audit;

import org.jspecify.annotations.NullMarked;
