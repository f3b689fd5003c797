package dev.flopscope.backend.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.flopscope.backend.cuda.CudaDouble;
import dev.flopscope.backend.cuda.CudaDouble.Controls;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The double notices what a GPU would fail on, and what it would do wrongly without a word. */
final class DoubleTest {
    private static final Map<String, String> SOURCES =
            Map.of("common.cuh", "", "beyond.cu", """
            extern "C" __global__ void beyond(float *matrix, int elements) {
                matrix[threadIdx.x + elements] = 1.0f;
            }
            """, "divergent.cu", """
            extern "C" __global__ void divergent(float *matrix) {
                if (threadIdx.x < 7) __syncthreads();
                matrix[0] = 1.0f;
            }
            extern "C" __global__ void lanes(float *matrix) {
                if (threadIdx.x % 2 == 0) matrix[0] = __shfl_xor_sync(0xffffffffu, matrix[0], 1);
            }
            extern "C" __global__ void sum(float *matrix) {
                __shared__ float values[64];
                values[threadIdx.x] = matrix[threadIdx.x];
                __syncthreads();
                float sum = 0.0f;
                for (int i = 0; i < 64; i++) sum += values[i];
                __syncthreads();
                matrix[threadIdx.x] = sum + threadIdx.x;
            }
            """, "wrong.cu", """
            // A comment in the first line.
            extern "C" __global__ void wrong(float *matrix) {
                matrix[0] = undefined_name;
            }
            """);

    private Controls gpu() {
        return CudaDouble.controls();
    }

    @BeforeEach
    void use() {
        assumeTrue(CudaDouble.isAvailable(), CudaDouble.MISSING);
        CudaDouble.use();
        gpu().double_reset();
    }

    @AfterEach
    void reset() {
        gpu().double_reset();
    }

    private static Kernels kernels(Device device) {
        return new Kernels(device, name -> String.valueOf(SOURCES.get(name)));
    }

    /** What is written behind an allocation is noticed at the next moment at which the host waits, and fails all that follows. */
    @Test
    void aWriteBehindAnAllocationFailsAndSoDoesEverythingAfterIt() {
        for (int elements : List.of(13, 16, 1024)) {
            Device device = Cuda.load().open(0);
            Kernels kernels = kernels(device);
            long pointer = device.allocate(4L * elements);
            kernels.kernel("beyond.cu", "beyond").with(pointer).with(elements).launch(1, 1);
            assertThatThrownBy(device::synchronize)
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("CUDA_ERROR_ILLEGAL_ADDRESS");
            assertThat(gpu().double_last_error()).contains("beyond");
            assertThatThrownBy(() -> device.clear(pointer, 1)).isInstanceOf(CudaException.class);
            gpu().double_reset();
            device.free(pointer);
            kernels.close();
            device.close();
        }
        assertThat(gpu().double_live("all")).isZero();
    }

    @Test
    void barriersThatNotAllThreadsReachFail() {
        Map<String, String> words = Map.of("divergent", "divergent barrier", "lanes", "divergent shuffle");
        words.forEach((name, error) -> {
            Device device = Cuda.load().open(0);
            Kernels kernels = kernels(device);
            long pointer = device.allocate(4);
            kernels.kernel("divergent.cu", name).with(pointer).launch(1, 64);
            assertThatThrownBy(device::synchronize)
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED");
            assertThat(gpu().double_last_error()).contains(error);
            gpu().double_reset();
            device.free(pointer);
            kernels.close();
            device.close();
        });
    }

    /** Copies happen when somebody waits; what is overwritten before is wrong, as it would be on a device. */
    @Test
    void workIsDoneInItsOrderWhenSomebodyWaits() {
        try (Device device = Cuda.load().open(0);
                Kernels kernels = kernels(device);
                HostBuffer in = new HostBuffer(device);
                HostBuffer out = new HostBuffer(device)) {
            long pointer = device.allocate(64 * Float.BYTES);
            float[] values = new float[64];
            in.reserve(64 * Float.BYTES);
            out.reserve(64 * Float.BYTES);
            in.write(0, values, 64);
            in.copyIn(0, pointer, 64 * Float.BYTES);
            values[3] = 5;
            in.write(0, values, 64);
            kernels.kernel("divergent.cu", "sum").with(pointer).launch(1, 64);
            out.copyOut(pointer, 0, 64 * Float.BYTES);
            out.read(0, values, 64);
            assertThat(values[0]).as("the copy took what was there last").isEqualTo(5);
            assertThat(values[63]).isEqualTo(68);
            device.free(pointer);
        }
        assertThat(gpu().double_live("all")).isZero();
    }

    @Test
    void anErrorOfTheCompilerHasItsFileAndLine() {
        try (Device device = Cuda.load().open(0);
                Kernels kernels = kernels(device)) {
            assertThatThrownBy(() -> kernels.kernel("wrong.cu", "wrong"))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("wrong.cu:3:")
                    .hasMessageContaining("undefined_name");
        }
        assertThat(gpu().double_live("all")).isZero();
    }

    @Test
    void whatIsNotGivenBackIsSeen() {
        Device device = Cuda.load().open(0);
        long pointer = device.allocate(100);
        assertThat(gpu().double_live("memory")).isEqualTo(1);
        device.free(pointer);
        device.close();
        assertThat(gpu().double_live("all")).isZero();
    }
}
