package dev.flopscope.backend;

import dev.flopscope.count.MatmulSite;

/** Products by triple loops. */
final class ArrayProducts implements Products {
    @Override
    public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
        ArrayTensor b = ArrayTensor.of(right);
        boolean transposed = rightIs == Right.TRANSPOSED;
        long inner = transposed ? b.columns() : b.rows();
        long columns = transposed ? b.rows() : b.columns();
        boolean fits = left.columns() == inner && result.rows() == left.rows() && result.columns() == columns;
        if (!fits) {
            throw new IllegalArgumentException(
                    site + ": extents do not fit: left " + ArrayTensor.of(left).extents() + ", right " + b.extents()
                            + ", result " + ArrayTensor.of(result).extents());
        }
        multiply(ArrayTensor.of(left), b, transposed, ArrayTensor.of(result));
    }

    private static void multiply(ArrayTensor a, ArrayTensor b, boolean transposed, ArrayTensor result) {
        for (int row = 0; row < result.rows(); row++) {
            for (int column = 0; column < result.columns(); column++) {
                double sum = 0;
                for (int k = 0; k < a.columns(); k++) {
                    sum += a.get(row, k) * (transposed ? b.get(column, k) : b.get(k, column));
                }
                result.set(row, column, sum);
            }
        }
    }

    @Override
    public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
        multiply(site, left, weight, Right.TRANSPOSED, result);
    }

    /** There is nothing to make ready. */
    static final class Nothing implements Products {
        @Override
        public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
            // Loops need no preparation.
        }

        @Override
        public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
            // Loops need no preparation.
        }
    }
}
