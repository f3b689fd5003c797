package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.config.Engine;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.machine.Blas;
import dev.flopscope.machine.MachineInfo;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

final class HardwareTest {
    @Test
    void blasSaysWhatItIs() {
        MachineInfo machine = Hardware.inUse(Engine.OPENBLAS, 2);
        assertThat(machine.threads()).isEqualTo(2);
        assertThat(machine.blas().vendor()).isEqualTo("OpenBLAS");
        assertThat(machine.blas().version()).matches("\\d+\\.\\d+.*");
        assertThat(machine.blas().kernel()).isNotEqualTo("unknown");
        if (machine.cpu().hasAvx512() && System.getenv("OPENBLAS_CORETYPE") == null) {
            assertThat(machine.blas().kernel()).isEqualToIgnoringCase("SkylakeX");
        }
    }

    /** A handle on the library that closed it when collected once brought down the next product, and the JVM. */
    @Test
    void productsGoOnAfterBlasWasAskedAndGarbageWasCollected() {
        try (Nd4jRuntime runtime = Nd4jRuntime.start(2);
                MatrixAllocator memory = new MatrixAllocator(runtime)) {
            Blas.detect(2);
            WeakReference<Object> garbage = new WeakReference<>(new Object());
            while (garbage.get() != null) {
                System.gc();
            }
            Matrix operand = memory.allocateZeros(256, 256);
            Matrix result = memory.allocateZeros(256, 256);
            Nd4jMatmul matmul = new Nd4jMatmul();
            for (int product = 0; product < 200; product++) {
                matmul.multiply(
                        MatmulSite.lmHead(), operand.array(), operand.array(), Right.TRANSPOSED, result.array());
            }
            float[] row = new float[256];
            result.readRow(255, row, row.length);
            assertThat(row).containsOnly(0f);
        }
    }
}
