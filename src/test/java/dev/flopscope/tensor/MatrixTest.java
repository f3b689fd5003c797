package dev.flopscope.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        Matrix matrix = Matrices.of(memory, values);

        matrix.array().putScalar(3, 2, 42f);
        values[3][2] = 42;

        assertThat(Matrices.values(matrix)).isDeepEqualTo(values);
        assertThat(matrix.array().getDouble(4, 6)).isEqualTo(values[4][6]);
        assertThat(matrix.rows()).isEqualTo(5);
        assertThat(matrix.columns()).isEqualTo(7);
    }

    @Test
    void aBlockIsAViewOfItsRowsAndColumns() {
        Matrix matrix = Matrices.of(memory, Matrices.random(1, 6, 8, 1));

        INDArray block = matrix.block(2, 3, 5, 2);
        block.putScalar(1, 1, 9f);

        assertThat(block.shape()).containsExactly(3, 2);
        assertThat(Matrices.values(matrix)[3][6]).isEqualTo(9);
        assertThat(block.getDouble(2, 0)).isEqualTo(Matrices.values(matrix)[4][5]);
    }

    @Test
    void aBlockOfOneRowOrOneColumnKeepsBothExtents() {
        Matrix matrix = Matrices.of(memory, Matrices.random(1, 6, 8, 1));

        assertThat(matrix.block(2, 1, 5, 2).shape()).containsExactly(1, 2);
        assertThat(matrix.block(2, 3, 5, 1).shape()).containsExactly(3, 1);
        assertThat(matrix.block(5, 1, 7, 1).shape()).containsExactly(1, 1);
    }

    @Test
    void aPartOfARowLeavesTheRestAlone() {
        Matrix matrix = Matrices.filled(memory, 3, 4, 1);

        matrix.writeRow(1, new float[] {7, 8, 9}, 2);
        float[] read = {-1, -1, -1, -1};
        matrix.readRow(1, read, 3);

        assertThat(read).containsExactly(7, 8, 1, -1);
        assertThat(Matrices.values(matrix)).isDeepEqualTo(new double[][] {{1, 1, 1, 1}, {7, 8, 1, 1}, {1, 1, 1, 1}});
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 3, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32})
    void aRowThatIsNotThereIsAnError(long row) {
        Matrix matrix = Matrices.filled(memory, 3, 4, 1);
        float[] buffer = new float[4];

        assertThatThrownBy(() -> matrix.readRow(row, buffer, 4))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("row " + row + ", columns 0 to 4 of 3×4");
        assertThatThrownBy(() -> matrix.writeRow(row, buffer, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void moreColumnsThanTheMatrixHasAreAnError() {
        Matrix matrix = Matrices.filled(memory, 3, 4, 1);
        float[] buffer = new float[5];

        assertThatThrownBy(() -> matrix.readRow(0, buffer, 5))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("row 0, columns 0 to 5 of 3×4");
        assertThatThrownBy(() -> matrix.writeRow(0, buffer, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aBlockOfARowIsWrittenWhereItBelongs() {
        Matrix matrix = Matrices.filled(memory, 3, 4, 1);
        matrix.writeRow(1, 2, new float[] {7, 8}, 2);
        assertThat(Matrices.values(matrix)).isDeepEqualTo(new double[][] {{1, 1, 1, 1}, {1, 1, 7, 8}, {1, 1, 1, 1}});
        assertThatThrownBy(() -> matrix.writeRow(1, 3, new float[] {7, 8}, 2))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("row 1, columns 3 to 5 of 3×4");
        assertThatThrownBy(() -> matrix.writeRow(1, -1, new float[] {7, 8}, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aBufferShorterThanTheRowIsAnError() {
        Matrix matrix = Matrices.filled(memory, 3, 4, 1);
        float[] buffer = new float[3];

        assertThatThrownBy(() -> matrix.readRow(0, buffer, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> matrix.writeRow(0, buffer, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(Matrices.values(matrix)[0]).containsOnly(1);
    }
}
