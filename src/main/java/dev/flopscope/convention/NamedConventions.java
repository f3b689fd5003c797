package dev.flopscope.convention;

import dev.flopscope.convention.CountingConventions.Parameters;
import java.util.List;
import java.util.Optional;

/** The conventions that have names. */
public final class NamedConventions {
    /** Our own, from which all others differ. */
    public static final NamedConvention OURS = new NamedConvention(
            "flopscope",
            "matrix products, 2·m·k·n FLOPs each; attention dense; of a mixture, the experts that a token uses",
            false,
            "this program; PyTorch's FlopCounterMode counts the same products",
            List.of());

    private static final Convention MASKED = either(ProductConventions.MASKED, ProductConventions.CAUSAL_TRIANGLE);

    private static final List<NamedConvention> ALL = List.of(
            OURS,
            forward(
                    "multiply-adds",
                    "products as ours, a multiply-add as 1",
                    "fvcore's FlopCountAnalysis; ptflops (MACs)",
                    CountingConventions.MULTIPLY_ADDS),
            forward(
                    "2k-1",
                    "products as ours, m·n·(2k−1) FLOPs each: k products and k − 1 additions a result",
                    "textbooks of numerical linear algebra",
                    CountingConventions.FIRST_ADDITION),
            forward(
                    "causal-halved",
                    "products as ours, those of attention halved for causality",
                    "FlashAttention's benchmark: 4·B·T²·H·d / 2",
                    ProductConventions.CAUSAL_HALVED),
            forward(
                    "causal-triangle",
                    "products as ours, of attention T(T+1)/2 scores for T²",
                    "the causal mask, counted exactly; no window",
                    ProductConventions.CAUSAL_TRIANGLE),
            forward(
                    "masked",
                    "products as ours, of attention only the scores that neither the causal mask nor a window hides",
                    "the mask of each layer, counted exactly",
                    MASKED),
            forward(
                    "head-last",
                    "products as ours, logits of the last token of each sequence alone",
                    "inference engines, which compute no other logits for a prompt",
                    ProductConventions.HEAD_OF_LAST_TOKEN),
            forward(
                    "embedding-product",
                    "products as ours, and the embedding as a product of T×V ones and zeros with V×D",
                    "Hoffmann et al. 2022 (Chinchilla), appendix F",
                    ProductConventions.EMBEDDING_PRODUCT),
            forward(
                    "elementwise",
                    "products as ours; and 1 FLOP an element of a softmax, 5 of a norm, 1 of an activation and 1 of its"
                            + " product with the other branch",
                    "DeepSpeed's flops profiler and calflops, by their numbers an element",
                    CountingConventions.ELEMENTWISE),
            forward(
                    "all-experts",
                    "products as ours, every token through every expert",
                    "counts that take all parameters of a mixture for active",
                    ProductConventions.ALL_EXPERTS),
            forward(
                    "kaplan",
                    "2·N·T with the blocks' matrices alone (no embedding, no head), and one of attention's two products",
                    "Kaplan et al. 2020, table 1: 2·N + 2·L·T·D a token",
                    ProductConventions.CHOSEN_EXPERTS,
                    ProductConventions.VALUES_LEFT_OUT,
                    CountingConventions.byParameters(false, Parameters.BLOCK_MATRICES, true)),
            forward(
                    "2nt",
                    "2·N·T without embeddings: the blocks' matrices alone, no attention product and no head",
                    "Kaplan et al. 2020, section 2.1",
                    ProductConventions.CHOSEN_EXPERTS,
                    CountingConventions.byParameters(false, Parameters.BLOCK_MATRICES, false)),
            forward(
                    "2nt-embeddings",
                    "2·N·T with all parameters, embeddings too, and no attention product",
                    "the usual rule of thumb for inference",
                    ProductConventions.CHOSEN_EXPERTS,
                    CountingConventions.byParameters(false, Parameters.ALL, false)),
            training(
                    "backward",
                    "products as ours, three times: the backward pass has two for each of the forward pass",
                    "Kaplan et al. 2020, section 2.1; nanoGPT's sizing",
                    CountingConventions.BACKWARD),
            training(
                    "6nt",
                    "6·N·T without embeddings: the blocks' matrices alone, no attention product and no head",
                    "Kaplan et al. 2020, section 2.1",
                    ProductConventions.CHOSEN_EXPERTS,
                    CountingConventions.byParameters(true, Parameters.BLOCK_MATRICES, false)),
            training(
                    "6nt-embeddings",
                    "6·N·T with all parameters, embeddings too, and no attention product",
                    "the usual rule of thumb for training",
                    ProductConventions.CHOSEN_EXPERTS,
                    CountingConventions.byParameters(true, Parameters.ALL, false)),
            training(
                    "palm",
                    "6·N + 12·L·H·d·T a token, N all parameters, attention dense",
                    "Chowdhery et al. 2022 (PaLM), appendix B; nanoGPT's estimate_mfu",
                    ProductConventions.CHOSEN_EXPERTS,
                    CountingConventions.byParameters(true, Parameters.ALL, true)),
            training(
                    "megatron",
                    "three times the products, those of attention halved for causality",
                    "Megatron-LM's num_floating_point_operations; MaxText's calculate_tflops_training_per_device",
                    ProductConventions.CAUSAL_HALVED,
                    CountingConventions.BACKWARD),
            training(
                    "verl",
                    "three times the products, those of attention halved for causality, and the embedding as a product",
                    "verl's flops counter: 6·N·T, N with V·D twice, and 6·H·d·L·T²",
                    ProductConventions.CAUSAL_HALVED,
                    ProductConventions.EMBEDDING_PRODUCT,
                    CountingConventions.BACKWARD));

    private NamedConventions() {}

    private static NamedConvention forward(String name, String counts, String source, Convention... steps) {
        return new NamedConvention(name, counts, false, source, List.of(steps));
    }

    private static NamedConvention training(String name, String counts, String source, Convention... steps) {
        return new NamedConvention(name, counts, true, source, List.of(steps));
    }

    /** The first, or where it has no meaning the second. */
    private static Convention either(Convention first, Convention second) {
        return new Convention(first.name(), first.subject(), first.cost(), ledger -> {
            try {
                return first.change().apply(ledger);
            } catch (ArithmeticException e) {
                return second.change().apply(ledger);
            }
        });
    }

    /** All of them, ours first. */
    public static List<NamedConvention> all() {
        return ALL;
    }

    /** The convention called {@code name}, if there is one. */
    public static Optional<NamedConvention> find(String name) {
        return ALL.stream().filter(convention -> convention.name().equals(name)).findFirst();
    }
}
