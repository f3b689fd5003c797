/**
 * Where counted meets expected: reconciliation site by site, and published claims held against the
 * closed forms.
 */
@NullMarked
package dev.flopscope.audit;

import org.jspecify.annotations.NullMarked;
