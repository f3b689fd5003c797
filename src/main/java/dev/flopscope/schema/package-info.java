/**
 * The records that JSON files are made of, version 2: written and read by one mapper, in snake case, so that no key is spelt
 * twice. A key says its unit; what is not known is absent. Names {@code config} to refuse data and for what its values are
 * called.
 */
@NullMarked
package dev.flopscope.schema;

import org.jspecify.annotations.NullMarked;
