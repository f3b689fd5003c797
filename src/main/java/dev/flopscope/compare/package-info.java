/**
 * What changed between two saved results: work apart from speed, with intervals and verdicts that noise cannot make. Names
 * {@code config} only to refuse data.
 */
@NullMarked
package dev.flopscope.compare;

import org.jspecify.annotations.NullMarked;
