package dev.flopscope.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flopscope.machine.Cpu;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** OpenBLAS chooses its kernel once in a process, by the environment that the process was started with. */
@Execution(ExecutionMode.CONCURRENT)
final class KernelIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void theKernelIsAvx512WhereTheCpuHasItUnlessTheUserNamesAnother() throws Exception {
        Assumptions.assumeTrue(Cpu.detect().hasAvx512(), "this CPU has no AVX-512, so there is no kernel to choose");
        assertThat(kernel(Program.in(folder))).isEqualToIgnoringCase("SkylakeX");
        assertThat(kernel(Program.in(folder).with("OPENBLAS_CORETYPE", "HASWELL")))
                .isEqualToIgnoringCase("Haswell");
    }

    private static String kernel(Program program) throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(program.run("hardware", "--engine", "openblas", "--no-measure", "--format", "json")
                        .out())
                .at("/engine/kernel")
                .asText();
    }
}
