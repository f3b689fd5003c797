package dev.flopscope.backend.cpu.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MatrixAllocatorTest {
    private final Nd4jRuntime runtime = Nd4jRuntime.start(2);
    private final MatrixAllocator memory = new MatrixAllocator(runtime);

    @AfterEach
    void free() {
        memory.close();
        runtime.close();
    }

    @Test
    void bytesAddUpToFourAnElement() {
        assertThat(memory.allocatedBytes()).isZero();
        memory.allocate(3, 5);
        assertThat(memory.allocatedBytes()).isEqualTo(4 * 3 * 5);
        memory.zeros(7, 2);
        assertThat(memory.allocatedBytes()).isEqualTo(4 * (3 * 5 + 7 * 2));
    }

    @Test
    void closingGivesEverythingBack() {
        memory.allocate(3, 5);
        memory.close();
        assertThat(memory.allocatedBytes()).isZero();
    }

    @Test
    void zerosAreWrittenToEveryRow() {
        for (int rows = 1; rows <= 40; rows++) {
            Matrix used = CpuMatrices.filled(memory, rows, 9, 7);
            assertThat(used.rows()).isEqualTo(rows);
        }
        memory.close(); // so that what follows may get memory that is not zero
        for (int rows = 1; rows <= 40; rows++) {
            double[][] values = CpuMatrices.values(memory.zeros(rows, 9));
            assertThat(Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray())
                    .hasSize(rows * 9)
                    .containsOnly(0);
        }
    }

    /** One NIO buffer holds less than 2 GiB, so a large matrix is cut into chunks; only the rows written are touched. */
    @Test
    void rowsOnBothSidesOfAChunkBoundaryAreTheArraysOwn() {
        int columns = 1 << 20;
        Matrix matrix = memory.allocate(1026, columns); // 4 GiB, in chunks of 256 rows
        int[] rows = {0, 255, 256, 257, 511, 512, 767, 768, 1023, 1024, 1025};
        for (int row : rows) {
            float[] values = new float[columns];
            values[0] = row;
            values[columns - 1] = -row;
            matrix.writeRow(row, values, columns);
        }
        for (int row : rows) {
            float[] read = new float[columns];
            matrix.readRow(row, read, columns);
            assertThat(read[0]).isEqualTo(row);
            assertThat(read[columns - 1]).isEqualTo(-row);
            assertThat(matrix.array().getDouble(row, 0)).as("row %d", row).isEqualTo(row);
            assertThat(matrix.array().getDouble(row, columns - 1)).isEqualTo(-row);
        }
    }

    @Test
    void aSizeBeyondALongIsAnErrorBeforeAnythingIsAllocated() {
        assertThatThrownBy(() -> memory.allocate(1L << 32, 1L << 32)).isInstanceOf(ArithmeticException.class);
        assertThat(memory.allocatedBytes()).isZero();
    }

    @Test
    void aRuntimeNeedsAThread() {
        assertThatThrownBy(() -> Nd4jRuntime.start(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads must be at least 1: 0");
    }
}
