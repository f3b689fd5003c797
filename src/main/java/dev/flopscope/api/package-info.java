/**
 * What programs of others use. What is public here stays: a test holds its signatures against a file.
 *
 * <p>{@link dev.flopscope.api.FlopCounter} counts the products that any program executes on ND4J.
 */
@NullMarked
package dev.flopscope.api;

import org.jspecify.annotations.NullMarked;
