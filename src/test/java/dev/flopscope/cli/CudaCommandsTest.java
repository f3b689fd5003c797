package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.backend.cuda.CudaDouble;
import dev.flopscope.backend.cuda.CudaDouble.Controls;
import dev.flopscope.cli.InProcess.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands by the CUDA engine, on the double of a GPU: what they show, and what they say when something fails. */
final class CudaCommandsTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
    private static final int FAULTS = 50;
    private static final int FAULT = 999;
    /** As traces have it, in microseconds, with room for rounding. */
    private static final double NANOSECOND = 0.0011;

    private final ObjectMapper mapper = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    private String libraries = "";

    private static Controls gpu() {
        return CudaDouble.controls();
    }

    @BeforeEach
    void useTheDouble() {
        assumeTrue(CudaDouble.isAvailable(), CudaDouble.MISSING);
        CudaDouble.use();
        libraries = System.getProperty("flopscope.cuda.libraries");
        gpu().double_reset();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(gpu().double_live("all")).as("what is alive on the device").isZero();
        gpu().double_reset();
        System.setProperty("flopscope.cuda.libraries", libraries);
    }

    private Outcome run(String words) {
        return InProcess.in(folder).run(words);
    }

    private JsonNode json(String words) throws Exception {
        Outcome outcome = run(words + " --format json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return mapper.readTree(outcome.out());
    }

    private static Stream<Path> fixtures() throws Exception {
        try (Stream<Path> folders = Files.list(FIXTURES)) {
            return folders.filter(path -> Files.exists(path.resolve("expected.json"))).sorted().toList().stream();
        }
    }

    /** Families with every trait, by logits that another implementation computed. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void logitsOfEveryFamilyAreThoseOfTheReference(Path fixture) throws Exception {
        JsonNode expected = mapper.readTree(fixture.resolve("expected.json").toFile());
        StringBuilder ids = new StringBuilder();
        expected.at("/tokens")
                .forEach(id -> ids.append(ids.length() == 0 ? "" : ",").append(id.asInt()));

        for (String options :
                List.of("", " --chunk 5", " --attention tiled --tile 5x3", " --attention causal --tile 4x4")) {
            JsonNode logits = json(
                    "logits " + fixture.toAbsolutePath() + " --engine cuda --context 64 --tokens " + ids + options);

            assertThat(logits.at("/agrees").asBoolean()).isTrue();
            assertThat(logits.at("/argmax")).as(options).isEqualTo(expected.at("/argmax"));
            double largest = 0;
            for (JsonNode value : expected.at("/last")) {
                largest = Math.max(largest, Math.abs(value.asDouble()));
            }
            for (int i = 0; i < expected.at("/last").size(); i++) {
                assertThat(logits.at("/last").get(i).asDouble())
                        .as("%s, element %d", options, i)
                        .isCloseTo(expected.at("/last").get(i).asDouble(), within(1e-5 * largest));
            }
        }
    }

    @Test
    void aRunSaysWhichGpuAndHowLongItTook() throws Exception {
        Path trace = folder.resolve("trace.json");
        JsonNode run = json("run " + FIXTURES.resolve("qwen2-tiny").toAbsolutePath()
                + " --engine cuda --context 12 --chunk 5 --batch 2 --trace " + trace);

        assertThat(run.at("/agrees").asBoolean()).isTrue();
        assertThat(run.at("/gpu/name").asText()).isEqualTo("Double of a GPU");
        assertThat(run.at("/engine/library").asText()).isEqualTo("cuBLAS");
        assertThat(run.at("/engine/kernel").asText()).isEqualTo("Double of a GPU (sm_90)");
        assertThat(run.at("/phases/0/seconds/matmul").asDouble()).isPositive();
        assertThat(run.at("/phases/0/seconds/wall").asDouble())
                .isGreaterThan(run.at("/phases/0/seconds/matmul").asDouble());
        long batches = 0;
        for (JsonNode event : mapper.readTree(trace.toFile()).at("/traceEvents")) {
            batches += event.at("/args/batch").asLong();
        }
        assertThat(batches).as("products that were computed in batches").isPositive();
    }

    /** Ids, and the rows of experts, are copied within a pass, and the time that takes has a name. */
    @Test
    void copiesBetweenHostAndDeviceAreSpansOfTheirOwn() throws Exception {
        Path trace = folder.resolve("trace.json");
        JsonNode run = json("run " + FIXTURES.resolve("mixtral-tiny").toAbsolutePath()
                + " --engine cuda --context 12 --trace " + trace);

        assertThat(run.at("/phases/0/steps_between").toString()).contains("transfer");
        long transfers = 0;
        double end = 0;
        for (JsonNode event : mapper.readTree(trace.toFile()).at("/traceEvents")) {
            String category = event.at("/cat").asText();
            if (event.at("/name").asText().equals("transfer")) {
                transfers++;
            }
            if (category.equals("step") || category.equals("product")) {
                double start = event.at("/ts").asDouble();
                assertThat(start).as("spans follow each other").isGreaterThanOrEqualTo(end - NANOSECOND);
                end = start + event.at("/dur").asDouble();
            }
        }
        // Ids go in; in each layer the scores of the router come back, and rows of at least two experts go in, there
        // and back.
        assertThat(transfers)
                .isGreaterThanOrEqualTo(1 + 5L * run.at("/model/num_layers").asInt());
    }

    @Test
    void tokensAreDecodedAsOnTheProcessor() throws Exception {
        String command =
                "generate " + FIXTURES.resolve("qwen3moe-tiny").toAbsolutePath() + " --tokens 5,17,42,9 --decode 6";
        JsonNode decoded = json(command + " --engine cuda");
        assertThat(decoded.at("/ids")).isEqualTo(json(command).at("/ids"));
        assertThat(decoded.at("/agrees").asBoolean()).isTrue();
    }

    /** Rounded operands give other logits, by no more than their last bit is worth; the counts stay. */
    @ParameterizedTest
    @CsvSource({"tf32, 0x1p-10", "bf16, 0x1p-7"})
    void operandsAreRoundedOnlyWhereThatIsAskedFor(String dtype, double lastBit) throws Exception {
        String command =
                "logits " + FIXTURES.resolve("llama-tiny").toAbsolutePath() + " --tokens 5,17,42,9 --engine cuda";
        JsonNode exact = json(command);
        assertThat(exact.at("/engine/dtype").asText()).isEqualTo("float32");
        assertThat(gpu().double_calls(dtype)).isZero();
        JsonNode rounded = json(command + " --dtype " + dtype);
        assertThat(rounded.at("/engine/dtype").asText()).isEqualTo(dtype);
        assertThat(gpu().double_calls(dtype)).isPositive();

        double largest = 0;
        double off = 0;
        for (int id = 0; id < exact.at("/last").size(); id++) {
            double logit = exact.at("/last").get(id).asDouble();
            largest = Math.max(largest, Math.abs(logit));
            off = Math.max(off, Math.abs(logit - rounded.at("/last").get(id).asDouble()));
        }
        assertThat(off / largest).isBetween(lastBit / 64, 8 * lastBit);

        String run = "run " + FIXTURES.resolve("llama-tiny").toAbsolutePath() + " --context 9 --dtype " + dtype;
        assertThat(json(run + " --engine cuda").at("/agrees").asBoolean()).isTrue();
        Outcome refused = run(run + " --engine openblas");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("--dtype: '" + dtype + "' is not a type that --engine openblas multiplies");
        Outcome unproven = run(run + " --engine cuda --prove");
        assertThat(unproven.exitCode()).isEqualTo(2);
        assertThat(unproven.err())
                .contains(
                        "--prove: products are held to the rounding of float32, and --dtype " + dtype + " rounds more");
    }

    /** Products of single matrices are proven; what was computed in batches is said to be unproven. */
    @Test
    void productsOnTheDeviceAreProven() throws Exception {
        JsonNode run =
                json("run " + FIXTURES.resolve("llama-tiny").toAbsolutePath() + " --engine cuda --context 9 --prove");
        assertThat(run.at("/agrees").asBoolean()).isTrue();
        assertThat(run.at("/proof/products").asLong())
                .isGreaterThan(run.at("/proof/unproven").asLong());
        assertThat(run.at("/proof/failed").asLong()).isZero();
    }

    /** Any call of any library may fail: one line says which, and everything is given back. */
    @Test
    void everyFaultIsOneLineAndLeavesNothing() {
        String command = "generate " + FIXTURES.resolve("mixtral-tiny").toAbsolutePath()
                + " --engine cuda --tokens 1,2,3,4 --decode 1 --format json";
        assertThat(run(command).exitCode()).as(run(command).err()).isZero();
        gpu().double_reset();
        run(command);
        long calls = gpu().double_calls("*");
        assertThat(calls).isGreaterThan(FAULTS);
        Set<String> lines = new LinkedHashSet<>();
        for (int fault = 0; fault < FAULTS; fault++) {
            // The first calls start the engine, each in its own way; most of the others are launches.
            long nth = fault < FAULTS / 2 ? fault + 1 : calls * (fault - FAULTS / 2 + 1) / (FAULTS / 2);
            gpu().double_reset();
            gpu().double_fail("*", nth, FAULT);

            Outcome outcome = run(command);

            assertThat(outcome.exitCode())
                    .as("call %d of %d: %s", nth, calls, outcome.err())
                    .isEqualTo(70);
            assertThat(outcome.err().lines().toList()).as("call %d", nth).hasSize(1);
            assertThat(outcome.err()).startsWith("flopscope: ");
            assertThat(outcome.out()).as("call %d", nth).isEmpty();
            assertThat(gpu().double_live("all"))
                    .as("call %d: %s", nth, outcome.err())
                    .isZero();
            lines.add(outcome.err());
        }
        assertThat(lines).as("different functions that failed").hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cuLaunchKernel",
                "cublasGemmEx",
                "cublasGemmStridedBatchedEx",
                "cuMemcpyHtoDAsync",
                "cuStreamSynchronize"
            })
    void aFaultIsNamedByItsFunction(String function) {
        gpu().double_fail(function, 2, FAULT);
        Outcome outcome = run("run " + FIXTURES.resolve("gpt2-tiny").toAbsolutePath() + " --engine cuda --context 6");
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(outcome.err()).contains("999").hasLineCount(1);
    }

    @Test
    void memoryThatIsNotThereIsSaidBeforeTheRun() {
        gpu().double_memory(64 << 20);
        Outcome outcome = run("run " + FIXTURES.resolve("gpt2-tiny").toAbsolutePath() + " --engine cuda --context 8");
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(outcome.err()).hasLineCount(1).contains("of the GPU's");
    }

    @Test
    void aMachineThatDoesNotDoIsSaidInOneLine() {
        String command = "run " + FIXTURES.resolve("gpt2-tiny").toAbsolutePath() + " --engine cuda --context 8";
        gpu().double_machine(13000, 0, 90);
        assertThat(run(command).err()).contains("finds no GPU").hasLineCount(1);
        gpu().double_machine(11080, 1, 90);
        assertThat(run(command).err()).contains("CUDA 11.8").contains("12.0").hasLineCount(1);
        gpu().double_machine(13000, 1, 35);
        assertThat(run(command).err())
                .contains("does not compile for sm_35, but for sm_80, sm_90")
                .hasLineCount(1);
        assertThat(run(command).exitCode()).isEqualTo(70);
    }

    @Test
    void librariesThatAreMissingAreNamedWithWhereTheyWereLookedFor() {
        System.setProperty("flopscope.cuda.libraries", folder.toString());
        Outcome outcome = run("run gpt2-small --engine cuda --context 8");
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(outcome.err())
                .hasLineCount(1)
                .contains("NVIDIA's driver cannot be loaded: looked for libcuda.so.1")
                .contains(folder.toString())
                .contains("flopscope.cuda.libraries");
    }

    @Test
    void theHardwareIsListed() throws Exception {
        JsonNode hardware = json("hardware --engine cuda --no-measure");
        assertThat(hardware.at("/gpu/multiprocessors").asInt()).isEqualTo(4);
        assertThat(run("hardware --engine cuda --no-measure").out())
                .contains("Double of a GPU")
                .contains("compute capability sm_90");
    }
}
