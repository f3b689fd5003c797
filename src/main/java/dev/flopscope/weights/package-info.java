/**
 * A model's parameters as matrices, laid out as the products read them, and their seeded initialiser.
 */
@NullMarked
package dev.flopscope.weights;

import org.jspecify.annotations.NullMarked;
