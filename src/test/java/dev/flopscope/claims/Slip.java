package dev.flopscope.claims;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A slip that can be planted in a count by hand.
 *
 * @param subject two slips of one subject exclude each other; subjects are in the order in which slips are planted
 * @param common whether it is named before slips that are not
 * @param name what must be said of it
 * @param plant plants it
 */
record Slip(int subject, boolean common, String name, Consumer<PaperCount> plant) {
    private static final BigDecimal HALF = new BigDecimal("0.5");

    /** All of them. */
    static List<Slip> all() {
        List<Slip> slips = new ArrayList<>();
        sizes(slips);
        heads(slips);
        attentionProducts(slips);
        otherProducts(slips);
        parametersAndMemory(slips);
        counting(slips);
        work(slips, "all parameters", paper -> paper::parameters);
        work(slips, "the parameters of products", paper -> paper::multiplied);
        work(
                slips,
                "all parameters but the embedding's",
                paper -> () -> paper.parameters()
                        .subtract(PaperCount.number(paper.embeddings * paper.vocabulary * PaperCount.D)));
        work(slips, "all matrices (the embedding's too)", paper -> paper::matrices);
        work(slips, "the blocks' parameters", paper -> paper::blocks);
        work(slips, "the blocks' matrices", paper -> paper::blockMatrices);
        return slips;
    }

    private static void sizes(List<Slip> slips) {
        slips.add(new Slip(-2, false, "one layer given for all", paper -> paper.layers = 1));
        slips.add(new Slip(-2, false, "one layer too few", paper -> paper.layers = PaperCount.L - 1));
        slips.add(new Slip(-2, false, "one layer too many", paper -> paper.layers = PaperCount.L + 1));
        slips.add(new Slip(-1, false, "vocabulary padded to a multiple of 64", paper -> paper.vocabulary = 1024));
        slips.add(new Slip(-1, false, "vocabulary padded to a multiple of 128", paper -> paper.vocabulary = 1024));
    }

    private static void heads(List<Slip> slips) {
        slips.add(new Slip(0, true, "head width taken as D/H", paper -> {
            paper.scoreWidth = paper.derivedWidth();
            paper.projectedWidth = paper.derivedWidth();
        }));
        slips.add(new Slip(
                0,
                false,
                "head width taken as D/H in attention products",
                paper -> paper.scoreWidth = paper.derivedWidth()));
        slips.add(new Slip(
                0,
                false,
                "head width taken as D/H in projections",
                paper -> paper.projectedWidth = paper.derivedWidth()));
        queryHeads(slips);
    }

    private static void queryHeads(List<Slip> slips) {
        slips.add(new Slip(1, true, "key/value heads taken for query heads", paper -> {
            paper.scoreHeads = paper.keyValueHeads;
            paper.queryHeads = paper.keyValueHeads;
        }));
        slips.add(new Slip(
                1,
                false,
                "key/value heads taken for query heads in attention products",
                paper -> paper.scoreHeads = paper.keyValueHeads));
        slips.add(new Slip(
                1,
                false,
                "key/value heads taken for query heads in projections",
                paper -> paper.queryHeads = paper.keyValueHeads));
        slips.add(new Slip(
                2,
                true,
                "query heads taken for key/value heads (grouping ignored)",
                paper -> paper.keyValueHeads = paper.queryHeads));
    }

    private static void attentionProducts(List<Slip> slips) {
        slips.add(new Slip(3, false, "output projection left out", paper -> paper.outputProjection = false));
        slips.add(new Slip(
                3,
                false,
                "one of the projections of keys and values left out",
                paper -> paper.keyValueProjections = 1));
        String bothInOne = "both products of attention counted in one";
        String oneOfTwo = "one of attention's two products left out";
        slips.add(new Slip(4, true, bothInOne, paper -> paper.scores = 2));
        slips.add(new Slip(4, true, bothInOne, paper -> paper.values = 2));
        slips.add(new Slip(4, true, oneOfTwo, paper -> paper.scores = 0));
        slips.add(new Slip(4, true, oneOfTwo, paper -> paper.values = 0));
        slips.add(new Slip(4, true, "attention products left out", paper -> paper.shareOfScores = BigDecimal.ZERO));
        slips.add(new Slip(4, true, "attention products halved for causality", paper -> paper.shareOfScores = HALF));
        slips.add(new Slip(
                4,
                true,
                "only the causal triangle counted, T(T+1)/2 scores for T²",
                paper -> paper.shareOfScores =
                        new BigDecimal(PaperCount.T + 1).divide(new BigDecimal(2 * PaperCount.T))));
    }

    private static void otherProducts(List<Slip> slips) {
        slips.add(new Slip(
                5,
                true,
                "two feed-forward products counted, where the model has three",
                paper -> paper.inwardProducts = 1));
        slips.add(new Slip(
                5,
                true,
                "three feed-forward products counted, where the model has two",
                paper -> paper.inwardProducts = 2));
        slips.add(new Slip(
                6,
                false,
                "feed-forward width taken as 4·D",
                paper -> paper.feedForwardWidth = PaperCount.number(4 * PaperCount.D)));
        slips.add(new Slip(
                6,
                false,
                "blocks taken as 12·D² parameters (four projections of D×D, two feed-forward products of 4·D×D)",
                Slip::takeBlocksAsTwelveSquares));
        slips.add(new Slip(7, true, "embedding look-up counted as a product", paper -> paper.embeddingProduct = true));
        slips.add(new Slip(
                8, false, "softmax, norms, activation and gate counted too", paper -> paper.elementwise = true));
        slips.add(new Slip(
                9, false, "LM head counted twice", paper -> paper.headRows = PaperCount.number(2 * PaperCount.T)));
        slips.add(
                new Slip(9, true, "LM head counted for the last token only", paper -> paper.headRows = BigDecimal.ONE));
        slips.add(new Slip(9, true, "LM head left out", paper -> paper.headRows = BigDecimal.ZERO));
    }

    private static void takeBlocksAsTwelveSquares(PaperCount paper) {
        paper.scoreWidth = paper.scoreWidth.multiply(paper.derivedWidth()).divide(paper.projectedWidth);
        paper.projectedWidth = paper.derivedWidth();
        paper.keyValueHeads = paper.queryHeads;
        paper.feedForwardWidth = PaperCount.number(4 * PaperCount.D);
        paper.inwardProducts = 1;
    }

    private static void parametersAndMemory(List<Slip> slips) {
        slips.add(new Slip(10, true, "embedding and LM head counted once, as if tied", paper -> paper.heads = 0));
        slips.add(new Slip(
                10, true, "embedding and LM head counted twice, though they are tied", paper -> paper.heads = 1));
        slips.add(new Slip(10, true, "embedding's parameters left out", paper -> paper.embeddings = 0));
        slips.add(new Slip(10, false, "parameters of embedding and LM head left out", paper -> {
            paper.embeddings = 0;
            paper.heads = 0;
        }));
        slips.add(new Slip(11, true, "norms left out", paper -> paper.norms = 0));
        slips.add(new Slip(12, true, "only keys or only values counted", paper -> paper.cacheShare = HALF));
        slips.add(new Slip(13, true, "two bytes an element", paper -> paper.bytes = new BigDecimal(2)));
        slips.add(new Slip(13, true, "one byte an element", paper -> paper.bytes = BigDecimal.ONE));
        slips.add(new Slip(13, false, "half a byte an element", paper -> paper.bytes = HALF));
        slips.add(new Slip(14, true, "GB given for GiB", paper -> paper.gibibyte = paper.gigabyte));
        slips.add(new Slip(14, true, "GiB given for GB", paper -> paper.gigabyte = paper.gibibyte));
    }

    private static void counting(List<Slip> slips) {
        slips.add(new Slip(15, true, "a multiply-add counted as 1", paper -> paper.factor = HALF));
        slips.add(new Slip(
                15,
                true,
                "m·n·(2k−1) for 2·m·k·n (the first addition of each sum not counted)",
                paper -> paper.notAdded = 1));
        slips.add(new Slip(
                15, false, "FLOPs doubled as if they were multiply-adds", paper -> paper.factor = new BigDecimal(2)));
        slips.add(new Slip(
                16,
                false,
                "one token's share given for all tokens",
                paper -> paper.tokensShare = BigDecimal.ONE.divide(new BigDecimal(PaperCount.T))));
        slips.add(new Slip(
                17,
                true,
                "backward pass counted too (three times the forward pass)",
                paper -> paper.training = new BigDecimal(3)));
        slips.add(new Slip(
                17,
                false,
                "backward pass given for the forward pass (twice as much)",
                paper -> paper.training = new BigDecimal(2)));
        slips.add(new Slip(
                17,
                false,
                "backward pass counted too, and the forward pass computed anew for it (four times the forward pass)",
                paper -> paper.training = new BigDecimal(4)));
    }

    private static void work(
            List<Slip> slips, String which, Function<PaperCount, Supplier<BigDecimal>> parametersForWork) {
        for (boolean training : new boolean[] {false, true}) {
            for (boolean attention : new boolean[] {false, true}) {
                String name = (training ? "6·N·T (training) with " : "2·N·T with ") + which
                        + (attention ? " and with" : " and without") + " attention products";
                slips.add(new Slip(17, false, name, paper -> {
                    paper.parametersForWork = parametersForWork.apply(paper);
                    paper.attentionAdded = attention;
                    paper.training = new BigDecimal(training ? 3 : 1);
                    paper.notAdded = 0;
                    paper.shareOfScores = attention ? paper.shareOfScores : BigDecimal.ZERO;
                }));
            }
        }
    }
}
