package dev.flopscope.counter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of ND4J's operations: which are products, which hold products and how many FLOPs these have, and which hold
 * none. An operation that is in none of the three lists may hold products, for all that is known.
 *
 * <p>A backward operation is declared as what gradients need: two products for each product of the forward operation.
 */
final class FlopFormulas {
    /** Names of operations without a product, one a line. */
    private static final String WITHOUT_PRODUCT = "without-product.txt";

    private static final List<String> MATMUL = List.of("matmul", "mMul", "mmul", "gemm", "gemv", "dot");

    private final Map<String, FlopFormula> observed = new ConcurrentHashMap<>();
    private final Map<String, FlopFormula> declared = new ConcurrentHashMap<>();
    /** What was found out of each name so far: an operation's name is looked up whenever it is executed. */
    private final Map<String, Optional<Basis>> bases = new ConcurrentHashMap<>();

    private final Set<String> withoutProduct = new HashSet<>(names());

    /** ND4J's operations. */
    FlopFormulas() {
        products();
        convolutions();
        recurrent();
        attention();
    }

    /** Adds the formula of an operation, or replaces it. */
    void declare(String operation, FlopFormula formula) {
        observed.remove(operation);
        declared.put(operation, formula);
        bases.remove(operation);
    }

    /** How FLOPs of the operation with that name are known; null if it holds no product. */
    @Nullable
    Basis basis(String name) {
        return bases.computeIfAbsent(name, this::find).orElse(null);
    }

    private Optional<Basis> find(String name) {
        if (observed.containsKey(name)) {
            return Optional.of(Basis.OBSERVED);
        }
        if (declared.containsKey(name)) {
            return Optional.of(Basis.DECLARED);
        }
        return withoutProduct.contains(name) || name.startsWith("reduce.")
                ? Optional.empty()
                : Optional.of(Basis.UNCOUNTED);
    }

    /** The formula of an operation that has one; null otherwise. */
    @Nullable
    FlopFormula formula(String name) {
        FlopFormula formula = observed.get(name);
        return formula == null ? declared.get(name) : formula;
    }

    private void products() {
        MATMUL.forEach(name -> observed.put(name, ProductFormulas::matmul));
        observed.put("reduce.dot", ProductFormulas::dotReduction);
        observed.put("blas.dot", ProductFormulas::blasDot);
        observed.put("blas.ger", ProductFormulas::blasGer);
        declared.put("blas.symm", ProductFormulas::blasSymm);
        declared.put("reduce.cosinesimilarity", ProductFormulas::dotReduction);
        declared.put("reduce.cosinedistance", ProductFormulas::dotReduction);
        declared.put("matmul_bp", ProductFormulas::matmulGradient);
        declared.put("tensordot", ProductFormulas::tensordot);
        declared.put("tensormmul", ProductFormulas::tensordot);
        declared.put("tensormmul_bp", ProductFormulas::tensordotGradient);
        declared.put("batched_gemm", ProductFormulas::batchedGemm);
        declared.put("xw_plus_b", ProductFormulas::affine);
        declared.put("relu_layer", ProductFormulas::affine);
        declared.put("xw_plus_b_bp", ProductFormulas::affineGradient);
    }

    private void convolutions() {
        declared.put("conv1d", ConvolutionFormulas.convolution(6));
        declared.put("conv2d", ConvolutionFormulas.convolution(10));
        declared.put("conv3dnew", ConvolutionFormulas.convolution(14));
        declared.put("pointwise_conv2d", ConvolutionFormulas.convolution(1));
        declared.put("conv1d_bp", ConvolutionFormulas.gradient(6));
        declared.put("conv2d_bp", ConvolutionFormulas.gradient(10));
        declared.put("conv3dnew_bp", ConvolutionFormulas.gradient(14));
        declared.put("conv2d_input_bp", ConvolutionFormulas::byInput);
        declared.put("deconv2d_tf", ConvolutionFormulas::byInput);
        declared.put("deconv2d", ConvolutionFormulas.transposed(10));
        declared.put("deconv3d", ConvolutionFormulas.transposed(14));
        declared.put("deconv2d_bp", ConvolutionFormulas.transposedGradient(10));
        declared.put("deconv3d_bp", ConvolutionFormulas.transposedGradient(14));
        declared.put("depthwise_conv2d", ConvolutionFormulas::depthwise);
        declared.put("depthwise_conv2d_bp", ConvolutionFormulas::depthwiseGradient);
        declared.put("sconv2d", ConvolutionFormulas::separable);
        declared.put("sconv2d_bp", ConvolutionFormulas::separableGradient);
    }

    private void recurrent() {
        declareWithGradient("lstmLayer", "lstmLayer_bp", RecurrentFormulas.through(0, 1, 2));
        declareWithGradient("lstmLayerCell", "lstmLayerCellBp", RecurrentFormulas.through(0, 1, 2));
        declareWithGradient("gru", "gru_bp", RecurrentFormulas.through(0, 2, 3));
        declareWithGradient("gruCell", "gruCell_bp", RecurrentFormulas.besideEachOther(2, 3));
        declareWithGradient("sru", "sru_bp", RecurrentFormulas::simpleUnits);
        declareWithGradient("sru_bi", "sru_bi_bp", RecurrentFormulas.through(0, 1));
        declared.put("sruCell", RecurrentFormulas.through(0, 2));
        declared.put("lstmCell", RecurrentFormulas::projected);
        declared.put("lstm", RecurrentFormulas::projected);
        declared.put("lstmBlockCell", RecurrentFormulas.besideEachOther(3));
        declared.put("lstmBlock", RecurrentFormulas::block);
        declared.put("static_rnn", RecurrentFormulas.through(0, 1, 2));
        declared.put("dynamic_rnn", RecurrentFormulas.through(0, 1, 2));
        declared.put("static_bidirectional_rnn", RecurrentFormulas.through(0, 1, 2, 4, 5));
        declared.put("dynamic_bidirectional_rnn", RecurrentFormulas.through(0, 1, 2, 4, 5));
    }

    private void attention() {
        declareWithGradient("dot_product_attention", "dot_product_attention_bp", AttentionFormulas::dotProduct);
        declareWithGradient(
                "multi_head_dot_product_attention",
                "multi_head_dot_product_attention_bp",
                AttentionFormulas::multiHead);
    }

    /** For forward operations whose formulas read their inputs alone, which the backward ones have as well. */
    private void declareWithGradient(String forward, String backward, FlopFormula formula) {
        declared.put(forward, formula);
        declared.put(backward, operation -> Math.multiplyExact(2, formula.flops(operation)));
    }

    private static List<String> names() {
        InputStream list = Objects.requireNonNull(FlopFormulas.class.getResourceAsStream(WITHOUT_PRODUCT));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
