/**
 * What {@code profile} shows.
 */
@NullMarked
package dev.flopscope.report.profile;

import org.jspecify.annotations.NullMarked;
