package dev.flopscope.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flopscope.Matrices;
import dev.flopscope.backend.cpu.memory.CpuMatrices;
import dev.flopscope.backend.cpu.memory.Matrix;
import dev.flopscope.backend.cpu.memory.MatrixAllocator;
import dev.flopscope.backend.cpu.memory.Nd4jRuntime;
import dev.flopscope.backend.cpu.onednn.OneDnn;
import dev.flopscope.backend.cpu.onednn.OneDnnElementwise;
import dev.flopscope.config.Activation;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both ways to take exponentials, against float64. */
class ElementwiseTest {
    private static final double RELATIVE = 0x1p-20;
    private static final int COLUMNS = 37;

    private final Nd4jRuntime runtime = Nd4jRuntime.start(1);
    private final MatrixAllocator memory = new MatrixAllocator(runtime);
    private final List<Elementwise> ways = List.of(new JavaElementwise(), new OneDnnElementwise(new OneDnn()));

    @AfterEach
    void free() {
        memory.close();
        runtime.close();
    }

    @Test
    void exponentialsKeepTheirRelativeErrorOverTheWholeRange() {
        double[][] values = new double[400][COLUMNS];
        for (int row = 0; row < values.length; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                values[row][column] = (float) (-86.5 + 174.0 * (row * COLUMNS + column) / (400 * COLUMNS));
            }
        }
        for (Elementwise way : ways) {
            Matrix result = CpuMatrices.filled(memory, 401, COLUMNS, 7);

            way.exp(CpuMatrices.of(memory, values), result, 400);

            double[][] exponentials = CpuMatrices.values(result);
            for (int row = 0; row < values.length; row++) {
                for (int column = 0; column < COLUMNS; column++) {
                    double exact = Math.exp(values[row][column]);
                    assertThat(exponentials[row][column])
                            .as("%s, exp(%s)", way, values[row][column])
                            .isCloseTo(exact, within(RELATIVE * exact));
                }
            }
            assertThat(exponentials[400]).as("a row too far").containsOnly(7);
        }
    }

    @Test
    void whatOverflowsIsHugeAndWhatUnderflowsIsNothing() {
        for (Elementwise way : ways) {
            Matrix matrix = CpuMatrices.of(memory, new double[][] {{-1e4, -100, 0, 100, 1e4}});

            way.exp(matrix, matrix, 1);

            double[] values = CpuMatrices.values(matrix)[0];
            assertThat(values[0]).isBetween(0.0, 2e-38);
            assertThat(values[1]).isBetween(0.0, 2e-38);
            assertThat(values[2]).isEqualTo(1);
            assertThat(values[3]).isGreaterThan(1e38);
            assertThat(values[4]).isGreaterThan(1e38);
        }
    }

    @Test
    void siluOfWhatIsNotANumberIsNotANumber() {
        for (Elementwise way : ways) {
            Matrix matrix = CpuMatrices.of(memory, new double[][] {{1, Double.NaN, 2}});
            way.activate(Activation.SILU, matrix, 0, 1);
            assertThat(CpuMatrices.values(matrix)[0][1]).isNaN();
        }
    }

    @Test
    void siluOfSomeRowsLeavesTheOthersAlone() {
        double[][] x = Matrices.random(1, 9, COLUMNS, 30);
        for (Elementwise way : ways) {
            Matrix matrix = CpuMatrices.of(memory, x);

            way.activate(Activation.SILU, matrix, 2, 7);

            double[][] values = CpuMatrices.values(matrix);
            for (int row = 0; row < 9; row++) {
                for (int column = 0; column < COLUMNS; column++) {
                    double before = x[row][column];
                    double exact = row < 2 || row >= 7 ? before : before / (1 + Math.exp(-before));
                    assertThat(values[row][column]).isCloseTo(exact, within(RELATIVE * Math.abs(exact)));
                }
            }
        }
    }
}
