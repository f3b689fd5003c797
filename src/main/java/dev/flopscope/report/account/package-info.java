/**
 * What {@code account} shows, and the columns of products that other commands show too.
 */
@NullMarked
package dev.flopscope.report.account;

import org.jspecify.annotations.NullMarked;
