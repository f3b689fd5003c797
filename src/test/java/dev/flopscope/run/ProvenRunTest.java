package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.SmallModels;
import dev.flopscope.TestRuns;
import dev.flopscope.audit.SiteCheck;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.RunSpec;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.observe.Proof;
import dev.flopscope.time.Timeline;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Products that are proven hold where nothing is wrong, and a wrong one is found at every site. */
class ProvenRunTest {
    private static final int TOKENS = 7;

    static Stream<Arguments> modelsOnEngines() {
        return SmallModels.ALL.stream()
                .flatMap(model -> Arrays.stream(Engine.values()).map(engine -> Arguments.of(model, engine)));
    }

    private static Measurement run(RunSpec spec, Plant plant) {
        Instruments instruments = new Instruments(
                ProgressListener.none(),
                Timeline.none(),
                each -> new PlantedBackend(CpuBackend.start(each.engine(), each.threads()), plant),
                unused -> {
                    throw new IllegalStateException("no ceilings are measured");
                },
                (backend, memory) -> () -> 0,
                line -> {},
                UnaryOperator.identity());
        try (Session session = Session.open(spec, instruments)) {
            return session.measure(spec, Sampling.uncompiled().proving());
        }
    }

    private static Proof proof(RunSpec spec, Plant plant) {
        return run(spec, plant).proof().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("modelsOnEngines")
    void everyProductOfASoundPassHolds(ModelConfig model, Engine engine) {
        RunSpec spec = TestRuns.of(model)
                .batch(2)
                .context(TOKENS)
                .decode(3)
                .engine(engine)
                .build();
        Measurement measured = run(spec, Plant.NONE);
        Proof proof = measured.proof().orElseThrow();

        assertThat(proof.failures()).isEmpty();
        assertThat(measured.holds()).isTrue();
        assertThat(proof.products()).isPositive();
        assertThat(proof.largestDeviation()).isBetween(0.0, 1.0);
        assertThat(proof.products() + proof.unproven())
                .isEqualTo(measured.phases().stream()
                        .flatMap(phase -> phase.reconciliation().sites().stream())
                        .mapToLong(site -> site.counted().orElseThrow().calls())
                        .sum());
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void oneEntryThatIsOffByAHundredthIsFoundAtEverySite(Engine engine) {
        RunSpec spec =
                TestRuns.of(SmallModels.GROUPED).context(TOKENS).engine(engine).build();
        for (MatmulSite site : sites(spec)) {
            Proof proof = proof(spec, at(site, ProvenRunTest::withOneWrongEntry));

            assertThat(proof.holds()).as("%s", site).isFalse();
            assertThat(proof.failures()).as("%s", site).allMatch(line -> line.startsWith(site + ": not proven"));
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void productThatIsLeftOutIsFoundAtEverySite(Engine engine) {
        RunSpec spec =
                TestRuns.of(SmallModels.GROUPED).context(TOKENS).engine(engine).build();
        for (MatmulSite site : sites(spec)) {
            Proof proof = proof(spec, at(site, (asked, hands) -> {}));

            assertThat(proof.failures()).as("%s", site).isNotEmpty().allMatch(line -> line.startsWith(site + ": "));
        }
    }

    /** Keys by keys: six of width six, which fit either way. */
    @ParameterizedTest
    @EnumSource(Engine.class)
    void operandThatIsNotTransposedIsFound(Engine engine) {
        RunSpec spec = TestRuns.of(SmallModels.GROUPED)
                .context(TOKENS)
                .attention(new Attention(Attention.Algorithm.TILED, 3, 6))
                .engine(engine)
                .build();
        MatmulSite site = new MatmulSite(MatmulKind.ATTN_SCORES, 1);
        Plant plant = at(
                site,
                (asked, hands) -> (asked.right().rows() == asked.right().columns() ? asked.reading(Right.AS_IS) : asked)
                        .by(hands.beneath()));

        assertThat(proof(spec, plant).failures()).isNotEmpty().allMatch(line -> line.startsWith(site + ": "));
    }

    /** A plant at the products of a pass at one site, which have several rows; not at those that prove them. */
    private static Plant at(MatmulSite site, Plant plant) {
        return (asked, hands) -> {
            long rows = asked.result().rows();
            (asked.site().equals(site) && rows > 1 && rows <= TOKENS ? plant : Plant.NONE).at(asked, hands);
        };
    }

    private static void withOneWrongEntry(AskedProduct asked, Plant.Hands hands) {
        asked.by(hands.beneath());
        INDArray result = ((Block) asked.result()).array();
        double typical = result.norm2Number().doubleValue() / Math.sqrt((double) result.length());
        long row = result.rows() - 1L;
        long column = result.columns() / 2;
        result.putScalar(row, column, result.getDouble(row, column) + typical / 100);
    }

    private static List<MatmulSite> sites(RunSpec spec) {
        return run(spec, Plant.NONE).prefill().reconciliation().sites().stream()
                .map(SiteCheck::site)
                .toList();
    }
}
