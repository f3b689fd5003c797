package dev.flopscope.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CpuTest {
    private static final List<String> PARTS = List.of("avx512f", "avx512dq", "avx512cd", "avx512bw", "avx512vl");

    private static final String AVX512 = String.join(" ", PARTS);

    @Test
    void firstProcessorOfCpuinfoIsRead() {
        Cpu cpu = Cpu.parse(
                List.of(
                        "processor\t: 0",
                        "model name\t: Intel(R) Xeon(R) CPU @ 2.60GHz",
                        "flags\t\t: fpu sse2 avx2 " + AVX512,
                        "",
                        "processor\t: 1",
                        "model name\t: another",
                        "flags\t\t: fpu"),
                2);

        assertThat(cpu.model()).isEqualTo("Intel(R) Xeon(R) CPU @ 2.60GHz");
        assertThat(cpu.cores()).isEqualTo(2);
        assertThat(cpu.flags()).contains("fpu", "avx512vl");
        assertThat(cpu.hasAvx512()).isTrue();
        assertThat(cpu.vectorInstructions()).isEqualTo("AVX-512");
    }

    @Test
    void everyPartOfAvx512IsNeeded() {
        for (String part : PARTS) {
            Cpu cpu = withFlags("avx2 " + AVX512.replace(part, ""));
            assertThat(cpu.hasAvx512()).as("without " + part).isFalse();
            assertThat(cpu.vectorInstructions()).isEqualTo("AVX2");
        }
    }

    @Test
    void flagThatIsListedTwiceIsReadOnce() {
        assertThat(withFlags("fpu avx2 fpu").flags()).containsExactlyInAnyOrder("fpu", "avx2");
    }

    @Test
    void theWidestLoopOfMultiplyAddsIsThatOfTheFlags() {
        assertThat(withFlags("avx2 fma " + AVX512).multiplyAddLoop()).isEqualTo(MultiplyAddLoop.AVX512);
        assertThat(withFlags("avx2 fma").multiplyAddLoop()).isEqualTo(MultiplyAddLoop.AVX2);
        assertThat(withFlags("avx fma").multiplyAddLoop()).isEqualTo(MultiplyAddLoop.JAVA);
        assertThat(withFlags("fpu sse2").multiplyAddLoop()).isEqualTo(MultiplyAddLoop.JAVA);
    }

    @Test
    void olderProcessorHasSse() {
        assertThat(withFlags("fpu sse2").vectorInstructions()).isEqualTo("SSE");
    }

    @Test
    void cpuinfoOfAnotherArchitectureIsUnknownRatherThanAnError() {
        Cpu cpu = Cpu.parse(List.of("processor\t: 0", "Features\t: fp asimd"), 4);

        assertThat(cpu.model()).isEqualTo(System.getProperty("os.arch"));
        assertThat(cpu.flags()).isEmpty();
        assertThat(cpu.vectorInstructions()).isEqualTo("unknown");
    }

    @Test
    void avx512KernelIsChosenWhereItRuns() {
        assertThat(BlasSettings.choose(Map.of(), withFlags(AVX512)))
                .containsOnly(Map.entry("OPENBLAS_CORETYPE", "SKYLAKEX"), Map.entry("OPENBLAS_THREAD_TIMEOUT", "4"));
        assertThat(BlasSettings.choose(Map.of(), withFlags("avx2"))).doesNotContainKey("OPENBLAS_CORETYPE");
    }

    @Test
    void whatTheUserSetWins() {
        assertThat(BlasSettings.choose(Map.of("OPENBLAS_CORETYPE", "HASWELL"), withFlags(AVX512)))
                .containsOnlyKeys("OPENBLAS_THREAD_TIMEOUT");
        assertThat(BlasSettings.choose(Map.of("OPENBLAS_THREAD_TIMEOUT", "20"), withFlags(AVX512)))
                .containsOnlyKeys("OPENBLAS_CORETYPE");
    }

    private static Cpu withFlags(String flags) {
        return Cpu.parse(List.of("model name\t: test", "flags\t\t: " + flags), 1);
    }
}
