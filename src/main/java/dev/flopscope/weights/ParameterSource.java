package dev.flopscope.weights;

import dev.flopscope.backend.Tensor;

/** Where parameters come from: a seed, or a checkpoint. */
interface ParameterSource {
    /** A matrix that products read, [out, in]. */
    Tensor matrix(Parameter parameter, int rows, int columns);

    /** A table whose rows are read one by one; a vector is a table of one row. */
    Tensor table(Parameter parameter, int rows, int columns);
}
