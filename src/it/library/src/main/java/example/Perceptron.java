package example;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Two layers. */
public final class Perceptron {
    private final INDArray hidden = Nd4j.rand(DataType.FLOAT, 64, 128);
    private final INDArray output = Nd4j.rand(DataType.FLOAT, 128, 10);

    /** The result of each row of {@code x}, of width 64. */
    public INDArray forward(INDArray x) {
        return Nd4j.nn().relu(x.mmul(hidden), 0).mmul(output);
    }
}
