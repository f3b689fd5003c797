package dev.flopscope.backend.cuda;

import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cuda.driver.Gemm;
import dev.flopscope.count.MatmulSite;

/** Products by cuBLAS. They are asked for, and the host goes on at once. */
record CudaProducts(Gemm gemm) implements Products {
    @Override
    public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
        CudaTensor a = CudaTensor.of(left);
        CudaTensor b = CudaTensor.of(right);
        CudaTensor c = CudaTensor.of(result);
        boolean transposed = rightIs == Right.TRANSPOSED;
        long inner = transposed ? b.columns() : b.rows();
        long outer = transposed ? b.rows() : b.columns();
        if (a.columns() != inner || c.rows() != a.rows() || c.columns() != outer) {
            throw new IllegalArgumentException(site + ": extents do not fit: left " + a.rows() + "×" + a.columns()
                    + ", right " + inner + "×" + outer + ", result " + c.rows() + "×" + c.columns());
        }
        if (a.batch() != c.batch() || b.batch() != c.batch()) {
            throw new IllegalArgumentException(site + ": batches of " + a.batch() + " and " + b.batch()
                    + " matrices do not fit one of " + c.batch());
        }
        gemm.multiply(a.operand(), b.operand(), transposed, c.operand());
    }

    @Override
    public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
        multiply(site, left, weight, Right.TRANSPOSED, result);
    }
}
