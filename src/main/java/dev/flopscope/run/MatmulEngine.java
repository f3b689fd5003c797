package dev.flopscope.run;

import dev.flopscope.config.Engine;
import dev.flopscope.kernel.Elementwise;
import dev.flopscope.machine.Blas;
import dev.flopscope.matmul.Matmul;
import dev.flopscope.matmul.Nd4jMatmul;
import dev.flopscope.matmul.OneDnnMatmul;
import dev.flopscope.onednn.OneDnn;
import dev.flopscope.onednn.OneDnnElementwise;
import dev.flopscope.onednn.PackingLayout;
import dev.flopscope.tensor.MatrixAllocator;
import dev.flopscope.tensor.Nd4jRuntime;
import dev.flopscope.tensor.WeightLayout;

/** An engine, started: what multiplies, and how it wants weights to lie. */
public sealed interface MatmulEngine {
    /** The port, neither counted nor timed. */
    Matmul matmul();

    /** The library, as it describes itself. */
    Blas library();

    /** Exponentials and the like, as fast as the engine's library has them. */
    Elementwise elementwise();

    /** Makes weights for it, in {@code memory}. */
    WeightLayout layout(MatrixAllocator memory);

    /**
     * Starts an engine.
     *
     * @throws UnsatisfiedLinkError if its library does not exist for this system
     */
    static MatmulEngine start(Engine engine, Nd4jRuntime runtime) {
        return switch (engine) {
            case ONEDNN -> OneDnnEngine.start(runtime);
            case OPENBLAS ->
                new OpenBlasEngine(new Nd4jMatmul(), runtime.workers().threads());
        };
    }

    /** The faster engine, oneDNN, if there is a library of it for this system; else ND4J's. */
    static Engine best() {
        Nd4jRuntime.prepare();
        return OneDnn.isAvailable() ? Engine.ONEDNN : Engine.OPENBLAS;
    }

    /** ND4J's own products; weights lie row by row. */
    record OpenBlasEngine(Matmul matmul, int threads) implements MatmulEngine {
        @Override
        public Blas library() {
            return Blas.detect(threads);
        }

        @Override
        public Elementwise elementwise() {
            return Elementwise.inJava();
        }

        @Override
        public WeightLayout layout(MatrixAllocator memory) {
            return WeightLayout.rowByRow(memory);
        }
    }

    /** oneDNN's products; weights are packed. */
    record OneDnnEngine(OneDnn oneDnn, Matmul matmul, Elementwise elementwise, Nd4jRuntime runtime)
            implements MatmulEngine {
        private static OneDnnEngine start(Nd4jRuntime runtime) {
            OneDnn library = new OneDnn();
            return new OneDnnEngine(
                    library, new OneDnnMatmul(library, runtime.workers()), new OneDnnElementwise(library), runtime);
        }

        @Override
        public Blas library() {
            return new Blas(
                    "oneDNN",
                    OneDnn.version(),
                    OneDnn.instructions(),
                    runtime.workers().threads());
        }

        @Override
        public WeightLayout layout(MatrixAllocator memory) {
            return new PackingLayout(oneDnn, memory, new MatrixAllocator(runtime));
        }
    }
}
