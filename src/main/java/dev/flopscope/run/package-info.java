/**
 * The composition root: a session prepares a model on a backend, measures runs of it phase by phase, and returns an immutable
 * {@link dev.flopscope.run.Measurement}. This is the only place above the backends that names one.
 */
@NullMarked
package dev.flopscope.run;

import org.jspecify.annotations.NullMarked;
