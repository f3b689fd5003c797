package dev.flopscope.convention;

import static dev.flopscope.convention.Convention.common;
import static dev.flopscope.convention.Convention.rare;

import dev.flopscope.convention.Convention.Subject;
import dev.flopscope.convention.Layers.Elementwise;
import dev.flopscope.convention.Ledger.Other;
import dev.flopscope.convention.Ledger.Outside;
import dev.flopscope.convention.Ledger.Product;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.polynomial.Fraction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * The conventions by which published accounts have other products than ours, or products of other extents. Each changes the
 * extents of a ledger, so that it holds for every quantity that is made of them.
 */
final class ProductConventions {
    private static final Fraction HALF = Fraction.ONE.over(2);
    private static final Set<MatmulKind> QUERIES = EnumSet.of(MatmulKind.Q_PROJ);
    private static final Set<MatmulKind> KEYS_AND_VALUES = EnumSet.of(MatmulKind.K_PROJ, MatmulKind.V_PROJ);
    private static final Set<MatmulKind> OUTPUT = EnumSet.of(MatmulKind.O_PROJ);

    private static final String ONE_OF_TWO = "one of attention's two products left out";

    /** Scores alone. */
    static final Convention VALUES_LEFT_OUT =
            common(Subject.SCORES, ONE_OF_TWO, ledger -> without(ledger, EnumSet.of(MatmulKind.ATTN_VALUES)));

    /** T(T+1)/2 scores. */
    static final Convention CAUSAL_TRIANGLE =
            common(Subject.SCORES, "only the causal triangle counted, T(T+1)/2 scores for T²", ledger -> {
                Fraction tokens = ledger.scale().tokensOfASequence();
                Fraction triangle = tokens.plus(Fraction.ONE).over(tokens.times(2));
                return scaled(ledger, Layers.ATTENTION_PRODUCTS, group -> triangle);
            });

    /** T²/2 scores. */
    static final Convention CAUSAL_HALVED = common(
            Subject.SCORES,
            "attention products halved for causality",
            ledger -> scaled(ledger, Layers.ATTENTION_PRODUCTS, group -> HALF));

    /** The scores that neither the causal mask nor a window hides. */
    static final Convention MASKED = common(
            Subject.SCORES,
            "only the scores counted that the causal mask and the window leave",
            windowed(Elementwise::useful));

    /** T rows of V zeros and ones, times V×D. */
    static final Convention EMBEDDING_PRODUCT = common(
            Subject.EMBEDDING,
            "embedding look-up counted as a product",
            ledger -> ledger.adding(new Other("embedding", embedding(ledger), true)));

    /** Logits of one token of each sequence. */
    static final Convention HEAD_OF_LAST_TOKEN = common(
            Subject.HEAD,
            "LM head counted for the last token only",
            ledger -> ledger.withHead(
                    ledger.head().scaled(Fraction.ONE.over(ledger.scale().tokensOfASequence()))));

    /** Every token goes through every expert. */
    static final Convention ALL_EXPERTS = common(
            Subject.EXPERTS,
            "all experts counted as active",
            ledger -> mixture(ledger).withLayers(Layers::withAllExpertsChosen));

    /** Experts that a token does not use are not there. */
    static final Convention CHOSEN_EXPERTS = common(
            Subject.EXPERTS,
            "only the experts counted that a token uses",
            ledger -> mixture(ledger).withLayers(Layers::withChosenExpertsAlone));

    private ProductConventions() {}

    /** All of them, in the order in which reports name those that cost the same. */
    static List<Convention> all() {
        List<Convention> all = new ArrayList<>();
        all.addAll(ofScores());
        all.addAll(ofFeedForward());
        all.addAll(ofHeads());
        all.addAll(ofExperts());
        all.addAll(ofLayersAndVocabulary());
        all.addAll(ofEmbeddingAndHead());
        return all;
    }

    private static List<Convention> ofScores() {
        Subject scores = Subject.SCORES;
        String bothInOne = "both products of attention counted in one";
        return List.of(
                common(scores, bothInOne, both(MatmulKind.ATTN_SCORES)),
                common(scores, bothInOne, both(MatmulKind.ATTN_VALUES)),
                CAUSAL_TRIANGLE,
                CAUSAL_HALVED,
                MASKED,
                common(scores, "as many scores counted as the window has, T·w for T²", windowed(Elementwise::band)),
                common(scores, ONE_OF_TWO, ledger -> without(ledger, EnumSet.of(MatmulKind.ATTN_SCORES))),
                VALUES_LEFT_OUT,
                common(scores, "attention products left out", ledger -> without(ledger, Layers.ATTENTION_PRODUCTS)));
    }

    /** The FLOPs of both products given for one of them. */
    private static UnaryOperator<Ledger> both(MatmulKind kind) {
        return ledger -> scaled(
                ledger,
                EnumSet.of(kind),
                group -> group.sum(Layers.ATTENTION_PRODUCTS, Product::multiplyAdds)
                        .over(group.product(kind).multiplyAdds()));
    }

    private static List<Convention> ofFeedForward() {
        return List.of(
                common(
                        Subject.GATE,
                        "two feed-forward products counted, where the model has three",
                        ProductConventions::withoutGate),
                common(
                        Subject.GATE,
                        "three feed-forward products counted, where the model has two",
                        ledger -> ledger.withLayers(ProductConventions::withGate)),
                rare(
                        Subject.FEED_FORWARD_WIDTH,
                        "feed-forward width taken as 4·D",
                        ProductConventions::withFeedForwardOfFourTimesTheWidth),
                rare(
                        Subject.FEED_FORWARD_WIDTH,
                        "blocks taken as 12·D² parameters (four projections of D×D, two feed-forward products of 4·D×D)",
                        ledger -> withoutGate(withFeedForwardOfFourTimesTheWidth(
                                withHeadWidth(withQueryHeadsForKeyValueHeads(ledger), true, true)))),
                rare(Subject.PROJECTIONS, "output projection left out", ledger -> without(ledger, OUTPUT)),
                rare(
                        Subject.PROJECTIONS,
                        "one of the projections of keys and values left out",
                        ledger -> without(ledger, EnumSet.of(MatmulKind.K_PROJ))));
    }

    private static Ledger withoutGate(Ledger ledger) {
        return without(ledger, EnumSet.of(MatmulKind.FFN_GATE));
    }

    private static Layers withGate(Layers group) {
        Map<MatmulKind, Product> products = new EnumMap<>(MatmulKind.class);
        products.putAll(group.products());
        products.putIfAbsent(MatmulKind.FFN_GATE, group.product(MatmulKind.FFN_UP));
        return group.with(products);
    }

    private static Ledger withFeedForwardOfFourTimesTheWidth(Ledger ledger) {
        return resized(
                ledger,
                EnumSet.of(MatmulKind.FFN_GATE, MatmulKind.FFN_UP),
                EnumSet.of(MatmulKind.FFN_DOWN),
                group -> group.product(MatmulKind.FFN_UP)
                        .terms()
                        .times(4)
                        .over(group.product(MatmulKind.FFN_DOWN).terms()));
    }

    private static List<Convention> ofHeads() {
        String kvForQuery = "key/value heads taken for query heads";
        String derived = "head width taken as D/H";
        return List.of(
                common(Subject.HEAD_WIDTH, derived, ledger -> withHeadWidth(ledger, true, true)),
                rare(
                        Subject.HEAD_WIDTH,
                        derived + " in attention products",
                        ledger -> withHeadWidth(ledger, true, false)),
                rare(Subject.HEAD_WIDTH, derived + " in projections", ledger -> withHeadWidth(ledger, false, true)),
                common(Subject.QUERY_HEADS, kvForQuery, ledger -> withFewQueryHeads(ledger, true, true)),
                rare(
                        Subject.QUERY_HEADS,
                        kvForQuery + " in attention products",
                        ledger -> withFewQueryHeads(ledger, true, false)),
                rare(
                        Subject.QUERY_HEADS,
                        kvForQuery + " in projections",
                        ledger -> withFewQueryHeads(ledger, false, true)),
                common(
                        Subject.KEY_VALUE_HEADS,
                        "query heads taken for key/value heads (grouping ignored)",
                        ProductConventions::withQueryHeadsForKeyValueHeads));
    }

    private static Ledger withHeadWidth(Ledger ledger, boolean attention, boolean projections) {
        Function<Layers, Fraction> factor = group -> group.product(MatmulKind.Q_PROJ)
                .terms()
                .over(group.product(MatmulKind.O_PROJ).terms());
        Set<MatmulKind> results = EnumSet.noneOf(MatmulKind.class);
        Set<MatmulKind> terms = EnumSet.noneOf(MatmulKind.class);
        if (attention) {
            results.add(MatmulKind.ATTN_VALUES);
            terms.add(MatmulKind.ATTN_SCORES);
        }
        if (projections) {
            results.addAll(QUERIES);
            results.addAll(KEYS_AND_VALUES);
            terms.addAll(OUTPUT);
        }
        return resized(ledger, results, terms, factor);
    }

    private static Ledger withFewQueryHeads(Ledger ledger, boolean attention, boolean projections) {
        Set<MatmulKind> results = EnumSet.noneOf(MatmulKind.class);
        if (attention) {
            results.addAll(Layers.ATTENTION_PRODUCTS);
        }
        if (projections) {
            results.addAll(QUERIES);
        }
        return resized(
                ledger,
                results,
                projections ? OUTPUT : Set.of(),
                group -> group.product(MatmulKind.K_PROJ)
                        .results()
                        .over(group.product(MatmulKind.Q_PROJ).results()));
    }

    private static Ledger withQueryHeadsForKeyValueHeads(Ledger ledger) {
        return scaled(
                ledger,
                KEYS_AND_VALUES,
                group -> group.product(MatmulKind.Q_PROJ)
                        .results()
                        .over(group.product(MatmulKind.K_PROJ).results()));
    }

    private static List<Convention> ofEmbeddingAndHead() {
        return List.of(
                EMBEDDING_PRODUCT,
                HEAD_OF_LAST_TOKEN,
                rare(
                        Subject.HEAD,
                        "LM head counted twice",
                        ledger -> ledger.withHead(ledger.head().scaled(Fraction.of(2)))),
                common(Subject.HEAD, "LM head left out", ledger -> ledger.withHead(Product.NONE)));
    }

    private static Product embedding(Ledger ledger) {
        Fraction width = ledger.head().terms();
        return new Product(
                ledger.scale().tokens().times(width),
                ledger.outside().embedding().over(width));
    }

    private static List<Convention> ofExperts() {
        return List.of(
                ALL_EXPERTS,
                CHOSEN_EXPERTS,
                rare(
                        Subject.EXPERTS,
                        "one expert a token counted, where the model has several",
                        ledger -> mixture(ledger).withLayers(Layers::withOneExpertChosen)),
                common(
                        Subject.ROUTER,
                        "router left out",
                        ledger -> without(mixture(ledger), EnumSet.of(MatmulKind.ROUTER))),
                common(
                        Subject.SHARED_EXPERTS,
                        "shared experts left out",
                        ledger -> without(mixture(ledger), Layers.OF_SHARED_EXPERTS)));
    }

    /**
     * The ledger, if it is that of a mixture of experts.
     *
     * @throws ArithmeticException if it is not
     */
    private static Ledger mixture(Ledger ledger) {
        if (ledger.layers().stream().allMatch(group -> group.experts().equals(Fraction.ONE))) {
            throw new ArithmeticException("no mixture of experts");
        }
        return ledger;
    }

    private static List<Convention> ofLayersAndVocabulary() {
        return List.of(
                rare(Subject.LAYERS, "one layer given for all", ledger -> ofOneBlock(ledger, layers -> 1)),
                rare(Subject.LAYERS, "one layer too few", ledger -> ofOneBlock(ledger, layers -> layers - 1)),
                rare(Subject.LAYERS, "one layer too many", ledger -> ofOneBlock(ledger, layers -> layers + 1)),
                rare(Subject.VOCABULARY, "vocabulary padded to a multiple of 64", ledger -> padded(ledger, 64)),
                rare(Subject.VOCABULARY, "vocabulary padded to a multiple of 128", ledger -> padded(ledger, 128)));
    }

    private static Ledger ofOneBlock(Ledger ledger, IntUnaryOperator layers) {
        if (ledger.layers().size() > 1) {
            throw new ArithmeticException("blocks differ");
        }
        return ledger.withLayers(group -> group.withCount(layers.applyAsInt(group.count())));
    }

    /** GPT-2's 50,257 tokens are 50,304 in programs that multiply in blocks. */
    private static Ledger padded(Ledger ledger, int multiple) {
        BigInteger vocabulary =
                ledger.outside().embedding().over(ledger.head().terms()).numerator();
        BigInteger blocks = vocabulary.add(BigInteger.valueOf(multiple - 1L)).divide(BigInteger.valueOf(multiple));
        Fraction growth = new Fraction(blocks.multiply(BigInteger.valueOf(multiple)), vocabulary);
        Outside outside = ledger.outside();
        return ledger.withHead(ledger.head().scaled(growth))
                .with(new Outside(
                        outside.embedding().times(growth),
                        outside.positions(),
                        outside.finalNorm(),
                        outside.lmHead().times(growth)));
    }

    /**
     * Attention's products with another sum of their FLOPs, which shares them as before.
     *
     * @throws ArithmeticException if no layer has a window: then a convention without one says the same
     */
    private static UnaryOperator<Ledger> windowed(Function<Elementwise, Fraction> flops) {
        return ledger -> {
            boolean windowed = ledger.layers().stream()
                    .anyMatch(group -> group.elements().band().compareTo(dense(group)) < 0);
            if (!windowed) {
                throw new ArithmeticException("no window");
            }
            return scaled(
                    ledger,
                    Layers.ATTENTION_PRODUCTS,
                    group -> flops.apply(group.elements()).over(dense(group)));
        };
    }

    private static Fraction dense(Layers group) {
        return group.sum(Layers.ATTENTION_PRODUCTS, Product::multiplyAdds).times(2);
    }

    /** Without the products of {@code kinds}. */
    static Ledger without(Ledger ledger, Set<MatmulKind> kinds) {
        return scaled(ledger, kinds, group -> Fraction.ZERO);
    }

    private static Ledger scaled(Ledger ledger, Set<MatmulKind> kinds, Function<Layers, Fraction> factor) {
        return resized(ledger, kinds, Set.of(), factor);
    }

    /** The extents of results, and of what is added up for each, made larger or smaller by a factor of each block. */
    private static Ledger resized(
            Ledger ledger, Set<MatmulKind> results, Set<MatmulKind> terms, Function<Layers, Fraction> factor) {
        return ledger.withLayers(group -> {
            Fraction times = factor.apply(group);
            return group.with(results, product -> product.scaled(times))
                    .with(terms, product -> product.withTerms(times));
        });
    }
}
