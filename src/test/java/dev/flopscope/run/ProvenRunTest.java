package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.SmallModels;
import dev.flopscope.TestRuns;
import dev.flopscope.audit.SiteCheck;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.backend.cpu.memory.Block;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.RunSpec;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.document.TextRenderer;
import dev.flopscope.observe.Proof;
import dev.flopscope.report.run.RunReport;
import dev.flopscope.time.Timeline;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Products that are proven hold where nothing is wrong, and a wrong one is found at every site. */
class ProvenRunTest {
    private static final int TOKENS = 7;

    static Stream<Arguments> modelsOnEngines() {
        return SmallModels.ALL.stream()
                .flatMap(model -> Stream.of(Engine.ONEDNN, Engine.OPENBLAS).map(engine -> Arguments.of(model, engine)));
    }

    private static Measurement run(RunSpec spec, Plant plant) {
        return run(spec, plant, 1);
    }

    private static Measurement run(RunSpec spec, Plant plant, double share) {
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
        try (Session session = Session.open(spec, instruments, true)) {
            return session.measure(spec, Sampling.uncompiled().proving(share));
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
        assertThat(proof.unproven()).isZero();
        assertThat(proof.products())
                .isEqualTo(measured.phases().stream()
                        .flatMap(phase -> phase.reconciliation().sites().stream())
                        .mapToLong(site -> site.counted().orElseThrow().calls())
                        .sum());
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"ONEDNN", "OPENBLAS"})
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
    @EnumSource(
            value = Engine.class,
            names = {"ONEDNN", "OPENBLAS"})
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
    @EnumSource(
            value = Engine.class,
            names = {"ONEDNN", "OPENBLAS"})
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

    /** A prompt of one token: every product has one row. */
    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"ONEDNN", "OPENBLAS"})
    void wrongEntryOfTheOnlyRowIsFoundAtEverySite(Engine engine) {
        RunSpec spec =
                TestRuns.of(SmallModels.GROUPED).context(1).engine(engine).build();
        for (MatmulSite site : sites(spec)) {
            Proof proof = proof(spec, (asked, hands) -> {
                Plant plant = asked.site().equals(site) ? ProvenRunTest::withOneWrongEntry : Plant.NONE;
                plant.at(asked, hands);
            });

            assertThat(proof.failures()).as("%s", site).isNotEmpty().allMatch(line -> line.startsWith(site + ": "));
        }
    }

    /** From a layer's down projection on, everything is not a number. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void resultThatIsNoNumberIsNotProven(float entry) {
        MatmulSite site = new MatmulSite(MatmulKind.FFN_DOWN, 0);
        RunSpec spec = TestRuns.of(SmallModels.GROUPED).context(TOKENS).build();
        Proof proof = proof(spec, at(site, (asked, hands) -> {
            asked.by(hands.beneath());
            ((Block) asked.result()).array().putScalar(2, 1, entry);
        }));

        assertThat(proof.holds()).isFalse();
        assertThat(proof.largestDeviation()).isInfinite();
        assertThat(proof.failures().get(0)).startsWith(site + ": not proven in rows 0 to 6, columns 0 to 11: ");
    }

    /** An entry that is too large for its square leaves no bound. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 1e30f})
    void operandWithoutABoundIsNotProven(float entry) {
        MatmulSite site = new MatmulSite(MatmulKind.FFN_DOWN, 0);
        RunSpec spec = TestRuns.of(SmallModels.GROUPED).context(TOKENS).build();
        Proof proof = proof(spec, at(site, (asked, hands) -> {
            ((Block) asked.left()).array().putScalar(2, 1, entry);
            asked.by(hands.beneath());
        }));

        assertThat(proof.failures().get(0)).startsWith(site + ": not proven in ");
    }

    /** The product is right in itself, but the weight is another than the one that was made. */
    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"ONEDNN", "OPENBLAS"})
    void weightOfAnotherProductIsFound(Engine engine) {
        MatmulSite keys = new MatmulSite(MatmulKind.K_PROJ, 1);
        MatmulSite values = new MatmulSite(MatmulKind.V_PROJ, 1);
        RunSpec spec =
                TestRuns.of(SmallModels.GROUPED).context(TOKENS).engine(engine).build();
        AtomicReference<Tensor> ofKeys = new AtomicReference<>();
        Proof proof = proof(spec, (asked, hands) -> {
            if (asked.site().equals(keys)) {
                ofKeys.set(asked.right());
            }
            (asked.site().equals(values) && ofKeys.get() != null ? asked.with(ofKeys.get()) : asked)
                    .by(hands.beneath());
        });

        assertThat(proof.failures()).isNotEmpty().allMatch(line -> line.startsWith(values + ": not proven in rows "));
    }

    @Test
    void reportOfAFailedProofNamesTheSite() {
        RunSpec spec = TestRuns.of(SmallModels.GROUPED).context(TOKENS).build();
        MatmulSite site = new MatmulSite(MatmulKind.FFN_DOWN, 0);
        Measurement measured = run(spec, at(site, (asked, hands) -> {}));
        Proof proof = measured.proof().orElseThrow();
        ObjectNode json = new RunReport(measured).json(List.of("run"));

        assertThat(measured.agrees()).isTrue();
        assertThat(measured.holds()).isFalse();
        assertThat(json.at("/agrees").asBoolean()).isTrue();
        assertThat(json.at("/proof/failed").asLong()).isEqualTo(1);
        assertThat(json.at("/proof/unproven").asLong()).isZero();
        assertThat(json.at("/proof/products").asLong()).isEqualTo(proof.products());
        assertThat(json.at("/proof/failures/0").asText()).startsWith(site + ": not proven in rows ");
        assertThat(new TextRenderer().render(new RunReport(measured).document()))
                .contains("NOT PROVEN: 1 of " + proof.products() + " products do not hold.")
                .contains(site + ": not proven in rows ");
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
