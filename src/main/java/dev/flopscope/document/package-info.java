/**
 * Results laid out for people: titles, verdicts, tables with typed columns, charts; and one renderer a format.
 */
@NullMarked
package dev.flopscope.document;

import org.jspecify.annotations.NullMarked;
