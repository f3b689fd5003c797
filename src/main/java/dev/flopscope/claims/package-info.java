/**
 * Numbers that others have published, held against the closed forms; and which convention explains those that are off. Names
 * {@code config} only to refuse data.
 */
@NullMarked
package dev.flopscope.claims;

import org.jspecify.annotations.NullMarked;
