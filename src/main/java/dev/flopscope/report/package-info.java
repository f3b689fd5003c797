/**
 * Renderers of results. A result becomes a {@link dev.flopscope.report.Document} for people, rows for
 * CSV and a tree for JSON; one class a format writes each out.
 */
@NullMarked
package dev.flopscope.report;

import org.jspecify.annotations.NullMarked;
