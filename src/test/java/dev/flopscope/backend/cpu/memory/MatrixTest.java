package dev.flopscope.backend.cpu.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class MatrixTest {
    private final Nd4jRuntime runtime = Nd4jRuntime.start(2);
    private final MatrixAllocator memory = new MatrixAllocator(runtime);

    @AfterEach
    void free() {
        memory.close();
        runtime.close();
    }

    @Test
    void rowsAndTheArrayAreTheSameMemory() {
        double[][] values = Matrices.random(1, 5, 7, 1);
        Matrix matrix = CpuMatrices.of(memory, values);

        matrix.array().putScalar(3, 2, 42f);
        values[3][2] = 42;

        assertThat(CpuMatrices.values(matrix)).isDeepEqualTo(values);
        assertThat(matrix.array().getDouble(4, 6)).isEqualTo(values[4][6]);
        assertThat(matrix.rows()).isEqualTo(5);
        assertThat(matrix.columns()).isEqualTo(7);
    }

    @Test
    void aBlockIsAViewOfItsRowsAndColumns() {
        Matrix matrix = CpuMatrices.of(memory, Matrices.random(1, 6, 8, 1));

        Block view = matrix.block(2, 3, 5, 2);
        INDArray block = view.array();
        block.putScalar(1, 1, 9f);

        assertThat(block.shape()).containsExactly(3, 2);
        assertThat(view.rows()).isEqualTo(3);
        assertThat(view.columns()).isEqualTo(2);
        assertThat(view.rowStride()).isEqualTo(8);
        assertThat(view.address()).isEqualTo(matrix.address() + (2 * 8 + 5) * 4);
        assertThat(view.array()).as("made once").isSameAs(block);
        assertThat(CpuMatrices.values(matrix)[3][6]).isEqualTo(9);
        assertThat(block.getDouble(2, 0)).isEqualTo(CpuMatrices.values(matrix)[4][5]);
    }

    @Test
    void aBlockOfOneRowOrOneColumnKeepsBothExtents() {
        Matrix matrix = CpuMatrices.of(memory, Matrices.random(1, 6, 8, 1));

        assertThat(matrix.block(2, 1, 5, 2).array().shape()).containsExactly(1, 2);
        assertThat(matrix.block(2, 3, 5, 1).array().shape()).containsExactly(3, 1);
        assertThat(matrix.block(5, 1, 7, 1).array().shape()).containsExactly(1, 1);
    }

    @Test
    void aPartOfARowLeavesTheRestAlone() {
        Matrix matrix = CpuMatrices.filled(memory, 3, 4, 1);

        matrix.writeRow(1, new float[] {7, 8, 9}, 2);
        float[] read = {-1, -1, -1, -1};
        matrix.readRow(1, read, 3);

        assertThat(read).containsExactly(7, 8, 1, -1);
        assertThat(CpuMatrices.values(matrix)).isDeepEqualTo(new double[][] {{1, 1, 1, 1}, {7, 8, 1, 1}, {1, 1, 1, 1}});
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 3, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32})
    void aRowThatIsNotThereIsAnError(long row) {
        Matrix matrix = CpuMatrices.filled(memory, 3, 4, 1);
        float[] buffer = new float[4];

        assertThatThrownBy(() -> matrix.readRow(row, buffer, 4))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("row " + row + ", columns 0 to 4 of 3×4");
        assertThatThrownBy(() -> matrix.writeRow(row, buffer, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void moreColumnsThanTheMatrixHasAreAnError() {
        Matrix matrix = CpuMatrices.filled(memory, 3, 4, 1);
        float[] buffer = new float[5];

        assertThatThrownBy(() -> matrix.readRow(0, buffer, 5))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("row 0, columns 0 to 5 of 3×4");
        assertThatThrownBy(() -> matrix.writeRow(0, buffer, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aBlockOfARowIsWrittenWhereItBelongs() {
        Matrix matrix = CpuMatrices.filled(memory, 3, 4, 1);
        matrix.writeRow(1, 2, new float[] {6, 7, 8}, 1, 2);
        assertThat(CpuMatrices.values(matrix)).isDeepEqualTo(new double[][] {{1, 1, 1, 1}, {1, 1, 7, 8}, {1, 1, 1, 1}});
        assertThatThrownBy(() -> matrix.writeRow(1, 3, new float[] {7, 8}, 0, 2))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("row 1, columns 3 to 5 of 3×4");
        assertThatThrownBy(() -> matrix.writeRow(1, -1, new float[] {7, 8}, 0, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aBlockOfARowIsReadFromWhereItIs() {
        Matrix matrix = CpuMatrices.of(memory, Matrices.random(1, 3, 4, 1));
        float[] read = {-1, -1, -1};
        matrix.readRow(1, 2, read, 2);
        double[] row = CpuMatrices.values(matrix)[1];
        assertThat(read).containsExactly((float) row[2], (float) row[3], -1);
        assertThatThrownBy(() -> matrix.readRow(1, 3, read, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Native code checks nothing, so a block must not reach beyond the matrix. */
    @ParameterizedTest
    @CsvSource({
        "-1, 1, 0, 1",
        "0, 4, 0, 1",
        "2, 2, 0, 1",
        "0, 1, -1, 1",
        "0, 1, 0, 5",
        "0, 1, 3, 2",
        "0, 0, 0, 1",
        "0, 1, 0, 0"
    })
    void aBlockBeyondTheMatrixIsAnError(long row, long rows, long column, long columns) {
        Matrix matrix = CpuMatrices.filled(memory, 3, 4, 1);
        assertThatThrownBy(() -> matrix.block(row, rows, column, columns))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("rows " + row + " to " + (row + rows) + ", columns " + column + " to " + (column + columns)
                        + " of 3×4");
    }

    @Test
    void aStretchOfARowIsRowsOfItsOwn() {
        Matrix matrix = CpuMatrices.of(memory, Matrices.random(1, 3, 8, 1));
        double[] row = CpuMatrices.values(matrix)[1];

        Block heads = matrix.rowsWithin(1, 2, 3, 2);

        assertThat(heads.rowStride()).isEqualTo(2);
        assertThat(heads.array().shape()).containsExactly(3, 2);
        assertThat(heads.array().getDouble(2, 1)).isEqualTo(row[7]);
        assertThatThrownBy(() -> matrix.rowsWithin(1, 3, 3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aViewHasTheFirstElementsRowByRow() {
        Matrix matrix = CpuMatrices.of(memory, Matrices.random(1, 3, 4, 1));
        double[] all = Arrays.stream(CpuMatrices.values(matrix))
                .flatMapToDouble(Arrays::stream)
                .toArray();

        Matrix view = matrix.view(2, 5);

        assertThat(CpuMatrices.values(view))
                .isDeepEqualTo(new double[][] {Arrays.copyOf(all, 5), Arrays.copyOfRange(all, 5, 10)});
        assertThat(view.array().getDouble(1, 4)).isEqualTo(all[9]);
        assertThat(view.block(1, 1, 2, 3).array().getDouble(0, 2)).isEqualTo(all[9]);
        view.writeRow(1, 4, new float[] {42}, 0, 1);
        assertThat(CpuMatrices.values(matrix)[2][1]).isEqualTo(42);
        assertThatThrownBy(() -> view.readRow(2, new float[5], 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> matrix.view(1, 13))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no view 1×13 of 3×4");
    }

    @Test
    void aBufferShorterThanTheRowIsAnError() {
        Matrix matrix = CpuMatrices.filled(memory, 3, 4, 1);
        float[] buffer = new float[3];

        assertThatThrownBy(() -> matrix.readRow(0, buffer, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> matrix.writeRow(0, buffer, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(CpuMatrices.values(matrix)[0]).containsOnly(1);
    }
}
