package dev.flopscope.jmh;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A benchmark of a product, as users write them. */
@State(Scope.Benchmark)
public class ProductBenchmark {
    private final INDArray left = Nd4j.ones(DataType.FLOAT, 32, 48);
    private final INDArray right = Nd4j.ones(DataType.FLOAT, 48, 64);

    /** (32×48)·(48×64). */
    @Benchmark
    public INDArray product() {
        return left.mmul(right);
    }
}
