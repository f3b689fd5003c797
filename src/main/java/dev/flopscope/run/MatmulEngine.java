package dev.flopscope.run;

import dev.flopscope.config.Engine;
import dev.flopscope.machine.BlasSettings;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.matmul.OneDnnMatmul;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.tensor.WeightLayout;

/** An engine, started: what multiplies, and how it wants weights to lie. */
public sealed interface MatmulEngine {
    /** The port, neither counted nor timed. */
    Matmul matmul();

    /** Makes weights for it, in {@code memory}. */
    WeightLayout layout(MatrixAllocator memory);

    /**
     * Starts an engine.
     *
     * @throws UnsatisfiedLinkError if its library does not exist for this system
     */
    static MatmulEngine start(Engine engine, Nd4jRuntime runtime) {
        return switch (engine) {
            case ONEDNN -> new OneDnn(new OneDnnMatmul(runtime.workers()), runtime);
            case OPENBLAS -> new OpenBlas(new Nd4jMatmul());
        };
    }

    /** The faster engine, oneDNN, if there is a library of it for this system; else ND4J's. */
    static Engine best() {
        BlasSettings.prepare();
        return OneDnnMatmul.isAvailable() ? Engine.ONEDNN : Engine.OPENBLAS;
    }

    /** ND4J's own products; weights lie row by row. */
    record OpenBlas(Matmul matmul) implements MatmulEngine {
        @Override
        public WeightLayout layout(MatrixAllocator memory) {
            return WeightLayout.rowByRow(memory);
        }
    }

    /** oneDNN's products; weights are packed. */
    record OneDnn(OneDnnMatmul matmul, Nd4jRuntime runtime) implements MatmulEngine {
        @Override
        public WeightLayout layout(MatrixAllocator memory) {
            return matmul.packing(memory, new MatrixAllocator(runtime));
        }
    }
}
