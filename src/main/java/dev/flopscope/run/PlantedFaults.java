package dev.flopscope.run;

import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Activation;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.EmbeddingConfig;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.HeadConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.NormConfig;
import dev.flopscope.config.PositionsConfig;
import dev.flopscope.config.RotaryConfig;
import dev.flopscope.config.RoutingConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.run.Plant.Extents;
import dev.flopscope.run.SelfTestResult.Check;
import dev.flopscope.run.SelfTestResult.Place;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The faults of a self-test, and the model that they are planted in. */
final class PlantedFaults {
    /** d. */
    static final int HEAD_DIM = 6;

    /** Two gated layers and one of experts; two query heads share a key/value head. Extents differ, so that none passes for another. */
    static final ModelConfig MODEL = model();

    private static final int MIXTURE_LAYER = 2;
    /** A product of matrices of so many rows and columns has 2⁹⁴ FLOPs. */
    private static final long HUGE = 1L << 31;

    private static final MatmulSite KEYS = new MatmulSite(MatmulKind.K_PROJ, 1);
    private static final MatmulSite VALUES = new MatmulSite(MatmulKind.V_PROJ, 1);
    private static final MatmulSite SCORES = new MatmulSite(MatmulKind.ATTN_SCORES, 1);
    private static final MatmulSite WEIGHTED = new MatmulSite(MatmulKind.ATTN_VALUES, 1);
    private static final MatmulSite UP = new MatmulSite(MatmulKind.FFN_UP, 0);
    private static final MatmulSite DOWN = new MatmulSite(MatmulKind.FFN_DOWN, 1);

    /** All of them. */
    static final List<PlantedFault> ALL = List.of(
            above("product left out", () -> leftOut(asked -> asked.site().equals(DOWN))),
            above("product doubled", () -> instead(UP, PlantedFaults::ofTwiceTheRows)),
            above("product run twice", () -> again(UP)),
            above(
                    "product run for another",
                    () -> both(leftOut(asked -> asked.site().equals(KEYS)), again(VALUES))),
            above("extents swapped", () -> instead(DOWN, PlantedFaults::withInnerForOuter)),
            new PlantedFault(
                    "result transposed",
                    Place.ABOVE,
                    Check.EXTENTS,
                    () -> instead(DOWN, PlantedFaults::intoTransposed)),
            above("head left out", PlantedFaults::headLeftOut),
            above("expert left out", PlantedFaults::expertLeftOut),
            above("gate skipped", () -> leftOut(asked -> asked.site().kind() == MatmulKind.FFN_GATE)),
            above("layer skipped", () -> leftOut(asked -> asked.site().layer() == 1)),
            new PlantedFault("keys and values swapped", Place.ABOVE, Check.LOGITS, PlantedFaults::keysForValues),
            new PlantedFault(
                    "count beyond 2⁶³−1", Place.ABOVE, Check.OVERFLOW, () -> also(UP, PlantedFaults::withHugeExtents)),
            new PlantedFault("count of a thread lost", Place.COUNT, Check.COUNTS, PlantedFaults::uncounted),
            new PlantedFault(
                    "counted and not computed",
                    Place.BELOW,
                    Check.LOGITS,
                    () -> leftOut(asked -> asked.site().equals(DOWN))),
            new PlantedFault(
                    "wrong transpose",
                    Place.BELOW,
                    Check.LOGITS,
                    () -> instead(
                            SCORES, (asked, hands) -> asked.reading(Right.AS_IS).by(hands.beneath()))));

    private PlantedFaults() {}

    /** A pass asks for other products than its model has, as counts must show. */
    private static PlantedFault above(String name, Supplier<Plant> plants) {
        return new PlantedFault(name, Place.ABOVE, Check.COUNTS, plants);
    }

    private static ModelConfig model() {
        NormConfig norm = new NormConfig.Rms(1e-5);
        AttentionConfig heads = new AttentionConfig(4, 2, HEAD_DIM, new RotaryConfig(10_000), OptionalInt.empty());
        BlockConfig gated = new BlockConfig(norm, heads, norm, new FeedForwardConfig.Gated(17, Activation.SILU));
        BlockConfig mixture = new BlockConfig(
                norm,
                heads,
                norm,
                new FeedForwardConfig.Experts(
                        5,
                        2,
                        new FeedForwardConfig.Gated(7, Activation.SILU),
                        OptionalInt.empty(),
                        false,
                        false,
                        RoutingConfig.softmax(true)));
        return new ModelConfig(
                "self-test",
                new EmbeddingConfig(23, 10, 1),
                new PositionsConfig(16, false),
                List.of(gated, gated, mixture),
                new HeadConfig(norm, false));
    }

    /** Does nothing in the place of some products. */
    private static Plant leftOut(Predicate<AskedProduct> which) {
        return (asked, hands) -> {
            if (!which.test(asked)) {
                asked.by(hands.beneath());
            }
        };
    }

    /** Does something in the place of the product at one site. */
    private static Plant instead(MatmulSite where, Plant other) {
        return (asked, hands) -> {
            if (asked.site().equals(where)) {
                other.at(asked, hands);
            } else {
                asked.by(hands.beneath());
            }
        };
    }

    /** Does something after the product at one site. */
    private static Plant also(MatmulSite where, Plant more) {
        return instead(where, (asked, hands) -> {
            asked.by(hands.beneath());
            more.at(asked, hands);
        });
    }

    private static Plant again(MatmulSite where) {
        return also(where, (asked, hands) -> asked.by(hands.beneath()));
    }

    /** Two faults at sites of their own. */
    private static Plant both(Plant outer, Plant inner) {
        return (asked, hands) ->
                outer.at(asked, new Plant.Hands(new PlantedProducts(inner, hands), hands.uncounted(), hands.memory()));
    }

    private static void ofTwiceTheRows(AskedProduct asked, Plant.Hands hands) {
        multiply(
                asked,
                hands,
                2 * asked.left().rows(),
                asked.left().columns(),
                asked.result().columns());
    }

    /** As many FLOPs as before. */
    private static void withInnerForOuter(AskedProduct asked, Plant.Hands hands) {
        multiply(
                asked,
                hands,
                asked.left().rows(),
                asked.result().columns(),
                asked.left().columns());
    }

    /** An (m×k)·(k×n) product of zeros. */
    private static void multiply(AskedProduct asked, Plant.Hands hands, long m, long k, long n) {
        Tensor left = hands.memory().zeros(m, k);
        Tensor right = hands.memory().zeros(k, n);
        hands.beneath()
                .multiply(asked.site(), left, right, Right.AS_IS, hands.memory().zeros(m, n));
    }

    private static void intoTransposed(AskedProduct asked, Plant.Hands hands) {
        asked.into(hands.memory().zeros(asked.result().columns(), asked.result().rows()))
                .by(hands.beneath());
    }

    private static void withHugeExtents(AskedProduct asked, Plant.Hands hands) {
        Tensor huge = new Extents(HUGE, HUGE);
        hands.beneath().multiply(asked.site(), huge, huge, Right.AS_IS, huge);
    }

    /** One product of scores and one of weighted values. */
    private static Plant headLeftOut() {
        Predicate<AskedProduct> scores = firstAt(SCORES);
        Predicate<AskedProduct> values = firstAt(WEIGHTED);
        return leftOut(asked -> scores.test(asked) || values.test(asked));
    }

    /** The first product at a site, whichever thread asks for it. */
    private static Predicate<AskedProduct> firstAt(MatmulSite where) {
        AtomicBoolean seen = new AtomicBoolean();
        return asked -> asked.site().equals(where) && !seen.getAndSet(true);
    }

    /** All products of the first expert that has any. */
    private static Plant expertLeftOut() {
        AtomicInteger first = new AtomicInteger(MatmulSite.NO_EXPERT);
        return leftOut(asked -> {
            int expert = asked.site().expert();
            if (expert != MatmulSite.NO_EXPERT) {
                first.compareAndSet(MatmulSite.NO_EXPERT, expert);
            }
            return asked.site().layer() == MIXTURE_LAYER && expert != MatmulSite.NO_EXPERT && expert == first.get();
        });
    }

    /** Keys are made with the weights of values, and values with those of keys, which have the same extents. */
    private static Plant keysForValues() {
        AtomicReference<@Nullable AskedProduct> waiting = new AtomicReference<>();
        return (asked, hands) -> {
            AskedProduct keys = waiting.get();
            if (asked.site().equals(KEYS)) {
                waiting.set(asked);
            } else if (asked.site().equals(VALUES) && keys != null) {
                keys.with(asked.right()).by(hands.beneath());
                asked.with(keys.right()).by(hands.beneath());
            } else {
                asked.by(hands.beneath());
            }
        };
    }

    /** Of attention's products in a layer every second is done past the interceptor, as if one of two threads did not count. */
    private static Plant uncounted() {
        AtomicInteger scores = new AtomicInteger();
        AtomicInteger values = new AtomicInteger();
        return (asked, hands) -> {
            boolean lost = (asked.site().equals(SCORES) && scores.getAndIncrement() % 2 == 1)
                    || (asked.site().equals(WEIGHTED) && values.getAndIncrement() % 2 == 1);
            asked.by(lost ? hands.uncounted() : hands.beneath());
        };
    }
}
