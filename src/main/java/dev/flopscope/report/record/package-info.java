/**
 * Accounts and measurements as the records that JSON files are made of.
 */
@NullMarked
package dev.flopscope.report.record;

import org.jspecify.annotations.NullMarked;
