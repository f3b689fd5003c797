package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flopscope.api.FlopCounter;
import dev.flopscope.api.ModelPass;
import dev.flopscope.junit.Flops;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PerceptronTest {
    private final Perceptron perceptron = new Perceptron();
    private final INDArray x = Nd4j.rand(DataType.FLOAT, 32, 64);

    @Test
    @Flops(
            formula = "2*rows*(in*hidden + hidden*out)",
            where = {"rows=32", "in=64", "hidden=128", "out=10"})
    void forwardPassMultipliesTwice() {
        perceptron.forward(x);
    }

    @Test
    void countersCanBeOpenedAnywhere() {
        try (FlopCounter counter = FlopCounter.open()) {
            counter.region("forward", () -> perceptron.forward(x));
            assertEquals(606_208, counter.counts().region("forward").flops());
        }
    }

    @Test
    void modelsAreAccountedOnPaper() {
        assertEquals(4_513_336_524_800L, ModelPass.of("gpt2-xl").account().flops());
    }
}
