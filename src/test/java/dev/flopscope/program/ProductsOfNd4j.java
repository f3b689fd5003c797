package dev.flopscope.program;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A program that knows nothing of this project: two products by ND4J, and one of vectors. */
public final class ProductsOfNd4j {
    private ProductsOfNd4j() {}

    /** Prints the shape of its result; with an argument, fails after the products. */
    public static void main(String[] arguments) {
        INDArray a = Nd4j.ones(DataType.FLOAT, 5, 7);
        INDArray b = Nd4j.ones(DataType.FLOAT, 7, 11);
        INDArray product = a.mmul(b).mmul(b.transpose());
        double inner = Nd4j.getBlasWrapper().dot(Nd4j.ones(DataType.FLOAT, 9), Nd4j.ones(DataType.FLOAT, 9));
        System.out.println(product.shapeInfoToString().lines().count() + " " + inner);
        if (arguments.length > 0) {
            throw new IllegalStateException("as asked for");
        }
    }
}
