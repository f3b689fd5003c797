package dev.flopscope.matmul;

import dev.flopscope.tensor.Nd4jRuntime;

class Nd4jMatmulTest extends EngineTest {
    @Override
    Matmul engine(Nd4jRuntime runtime) {
        return new Nd4jMatmul();
    }
}
