/**
 * Ways to count other than ours: what an account is made of, in a form that a convention can change; the conventions; those that
 * others are known by; and the bridges from one total to another.
 */
@NullMarked
package dev.flopscope.convention;

import org.jspecify.annotations.NullMarked;
