package dev.flopscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.backend.cpu.CpuBackend;
import dev.flopscope.config.Engine;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.machine.MachineInfo;
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
        try (Backend backend = CpuBackend.start(Engine.OPENBLAS, 2);
                Allocator memory = backend.allocator()) {
            backend.library();
            WeakReference<Object> garbage = new WeakReference<>(new Object());
            while (garbage.get() != null) {
                System.gc();
            }
            Tensor operand = memory.zeros(256, 256);
            Tensor result = memory.zeros(256, 256);
            for (int product = 0; product < 200; product++) {
                backend.products().multiply(MatmulSite.lmHead(), operand, operand, Right.TRANSPOSED, result);
            }
            float[] row = new float[256];
            backend.readRow(result, 255, row);
            assertThat(row).containsOnly(0f);
        }
    }
}
