package dev.flopscope.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class FlopFormulasTest {
    /** Factorisations, solvers, word vectors, colours, native graphs and tests of ND4J itself. */
    private static final Set<String> UNCOUNTED = Set.of(
            "solve",
            "solve_ls",
            "lstsq",
            "MatrixSolveLs",
            "matrix_inverse",
            "matrix_determinant",
            "log_matrix_determinant",
            "logdet",
            "triangular_solve",
            "svd",
            "eig",
            "qr",
            "lu",
            "cholesky",
            "sqrtm",
            "skipgram",
            "cbow",
            "barnes_edge_forces",
            "barnes_gains",
            "barnes_symmetrized",
            "knn_mindistance",
            "rgb_to_grs",
            "rgb_to_yiq",
            "rgb_to_yuv",
            "yiq_to_rgb",
            "yuv_to_rgb",
            "adjust_hue",
            "adjust_saturation",
            "While",
            "while",
            "Conditional",
            "cond",
            "if",
            "invoke",
            "Scope",
            "scope",
            "testcustom",
            "testop2i2o",
            "TestOp2i2o",
            "test_scalar",
            "testreduction",
            "test_output_reshape",
            "reduce_dot_bp",
            "cosine_distance_loss",
            "cosine_distance_loss_grad");

    @Test
    void everyOperationOfNd4jIsKnownToHaveAFormulaOrNoProduct() {
        FlopFormulas formulas = new FlopFormulas();
        Set<String> uncounted =
                new TreeSet<>(Nd4j.getExecutioner().getCustomOperations().keySet());
        uncounted.removeIf(name -> formulas.basis(name) != Basis.UNCOUNTED);
        assertThat(uncounted).isEqualTo(new TreeSet<>(UNCOUNTED));
    }

    @Test
    void operationsThatNobodyKnowsMayHoldProducts() {
        assertThat(new FlopFormulas().basis("anybody's own")).isEqualTo(Basis.UNCOUNTED);
    }
}
