package dev.flopscope.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Nd4jRuntime;
import dev.flopscope.machine.Cpu;
import dev.flopscope.machine.MultiplyAddLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

final class MultiplyAddCodeTest {
    /** An assembler that is not ours must read what we wrote: every instruction, in its order, and nothing else. */
    @ParameterizedTest
    @EnumSource(value = MultiplyAddLoop.class, names = "JAVA", mode = Mode.EXCLUDE)
    void aDisassemblerReadsLoadsMultiplyAddsTheLoopAndStores(MultiplyAddLoop loop, @TempDir Path folder)
            throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("code"), MultiplyAddCode.of(loop));
        List<String> expected = new ArrayList<>();
        String register = loop == MultiplyAddLoop.AVX512 ? "zmm" : "ymm";
        String memory = register.toUpperCase(Locale.ROOT) + "WORD PTR [rdi+0x%x]";
        for (int i = 0; i < 14; i++) {
            expected.add("vmovups " + register + i + "," + memory.formatted(i * MultiplyAddCode.lanes(loop) * 4));
        }
        for (int i = 0; i < 24; i++) {
            expected.add("vfmadd213ps %1$s%2$d,%1$s12,%1$s13".formatted(register, i % 12));
        }
        expected.add("dec rsi");
        expected.add("jne"); // to where, the values below show: another place gives others
        for (int i = 0; i < 12; i++) {
            expected.add("vmovups " + memory.formatted(i * MultiplyAddCode.lanes(loop) * 4) + "," + register + i);
        }
        expected.add("vzeroupper");
        expected.add("ret");
        assertThat(disassembled(file)).containsExactlyElementsOf(expected);
    }

    private static List<String> disassembled(Path file) throws IOException, InterruptedException {
        Process objdump;
        try {
            objdump = new ProcessBuilder(
                            "objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "no disassembler here: " + e.getMessage());
            throw e;
        }
        List<String> instructions = objdump.inputReader()
                .lines()
                .filter(line -> line.split("\t", -1).length > 2)
                .map(line ->
                        line.split("\t", -1)[2].strip().replaceAll("\\s+", " ").replaceAll("^jne .*", "jne"))
                .toList();
        assertThat(objdump.waitFor()).isZero();
        return instructions;
    }

    /** Iterations are checked one by one against Java's own fused multiply-add, which rounds once as the processor's does. */
    @ParameterizedTest
    @EnumSource(value = MultiplyAddLoop.class, names = "JAVA", mode = Mode.EXCLUDE)
    void everyLaneOfEveryAccumulatorIsMultipliedAndAdded(MultiplyAddLoop loop) {
        MultiplyAddLoop widest = Cpu.detect().multiplyAddLoop();
        assumeTrue(widest != MultiplyAddLoop.JAVA && widest.compareTo(loop) <= 0, "this processor has no " + loop);
        int lanes = MultiplyAddCode.lanes(loop);
        float[] values = new float[MultiplyAddCode.REGISTERS * lanes];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.5f + i / 1000f;
        }
        try (Nd4jRuntime runtime = Nd4jRuntime.start(1);
                MatrixAllocator allocator = new MatrixAllocator(runtime);
                Memory registers = new Memory((long) values.length * Float.BYTES)) {
            registers.write(0, values, 0, values.length);
            long iterations = 3;
            allocator.code(MultiplyAddCode.of(loop)).orElseThrow().invokeVoid(new Object[] {registers, iterations});
            assertThat(registers.getFloatArray(0, values.length)).containsExactly(after(2 * 3, values, lanes));
        }
        assertThat(MultiplyAddCode.multiplyAdds(loop)).isEqualTo(2L * 12 * lanes);
    }

    private static float[] after(int rounds, float[] values, int lanes) {
        float[] expected = values.clone();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < 12 * lanes; i++) {
                expected[i] = Math.fma(expected[i], values[12 * lanes + i % lanes], values[13 * lanes + i % lanes]);
            }
        }
        return expected;
    }
}
